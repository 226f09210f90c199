import { signInPage } from '../../loopback.ts';

/** What the browser shows after the sign-in; MSAL's loopback serves it as it is. */
export const SUCCESS_PAGE = signInPage(
  'You are signed in',
  'HipStatus has what it needs from Microsoft. You can close this page.',
);
export const ERROR_PAGE = signInPage('The sign-in did not work', 'HipStatus says why. You can close this page.');
