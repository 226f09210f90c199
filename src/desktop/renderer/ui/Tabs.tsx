import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Banner } from './Banner.tsx';

interface TabsProps<Name extends string> {
  /** What the tabs are of, for those who do not see them. */
  readonly label: string;
  readonly tabs: readonly { readonly name: Name; readonly label: string }[];
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
  /** What is shown under the selected one. */
  readonly children: ComponentChildren;
}

/** A window of tabs, as the ARIA authoring practices have them: the arrow keys, Home and End go from one to the next. */
export function Tabs<Name extends string>(props: TabsProps<Name>): JSX.Element {
  const { label, tabs, selected, onSelect, children } = props;
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex(({ name }) => name === selected);
  const go = (place: number): void => {
    const tab = tabs.at(place % tabs.length);
    if (tab === undefined) return;
    onSelect(tab.name);
    list.current?.querySelector<HTMLElement>(`#tab-${tab.name}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isLeftToRight = document.documentElement.dir !== 'rtl';
    const places: Readonly<Record<string, number>> = {
      ArrowRight: at + (isLeftToRight ? 1 : -1),
      ArrowLeft: at + (isLeftToRight ? -1 : 1),
      Home: 0,
      End: tabs.length - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    go(place);
  };
  return (
    <>
      <header>
        <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
          {tabs.map((tab) => (
            <button
              key={tab.name}
              id={`tab-${tab.name}`}
              type="button"
              role="tab"
              aria-selected={tab.name === selected}
              aria-controls="tab-panel"
              tabIndex={tab.name === selected ? 0 : -1}
              onClick={() => onSelect(tab.name)}
            >
              {tab.label}
            </button>
          ))}
        </div>
      </header>
      <main>
        <Banner />
        <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${selected}`}>
          {children}
        </div>
      </main>
    </>
  );
}
