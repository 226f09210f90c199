import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PromptView } from '../../ipc/promptView.ts';

interface CodeProps {
  readonly code: NonNullable<PromptView['code']>;
  readonly actions: PromptView['actions'];
  readonly act: (action: string) => () => void;
}

/** How long a button says that it has copied; milliseconds. */
const SAID_FOR = 2_000;

/** A code to type on another device, large, with what can be done with it. */
export function Code({ code, actions, act }: CodeProps): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const onClick = (id: string) => () => {
    act(id)();
    if (id === 'copyCode') setCopied(true);
  };
  return (
    <div class="code">
      <output aria-label={code.label}>{code.userCode}</output>
      <div class="code-actions">
        {actions.map(({ id, label }) => (
          <button key={id} type="button" onClick={onClick(id)}>
            {id === 'copyCode' && isCopied ? code.copied : label}
          </button>
        ))}
      </div>
      <span class="unseen" role="status">
        {isCopied ? code.copied : ''}
      </span>
    </div>
  );
}
