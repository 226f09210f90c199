import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A step's heading, which has the focus when the step begins: it is read out, and Tab goes on from there. */
export function useHeading(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return heading;
}
