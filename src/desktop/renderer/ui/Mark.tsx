import type { JSX } from 'preact';

/** The app's icon, as in `assets/svg/app-icon-small.svg`; drawn here because the page may load no pictures. */
export const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#6a97ff" />
        <stop offset="1" stop-color="#3346cf" />
      </linearGradient>
      <mask id="gap" maskUnits="userSpaceOnUse" x="0" y="0" width="32" height="32">
        <rect width="32" height="32" fill="#fff" />
        <circle cx="23" cy="23" r="7" fill="#000" />
      </mask>
    </defs>
    <rect width="32" height="32" rx="7" fill="url(#sky)" />
    <g mask="url(#gap)" fill="#fff">
      <path d="M8 8H24a2 2 0 0 1 2 2V12H6V10A2 2 0 0 1 8 8Z" />
      <path d="M6 14H26V22a2 2 0 0 1-2 2H14L9.6 28A1 1 0 0 1 8 27.2V24A2 2 0 0 1 6 22Z" />
      <rect x="10" y="5" width="2" height="4" />
      <rect x="20" y="5" width="2" height="4" />
    </g>
    <circle cx="23" cy="23" r="5.5" fill="#3ddc7c" />
  </svg>
);
