/** What the browser shows after the sign-in; MSAL's loopback serves it as it is. */
const page = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:30em;margin:20vh auto;padding:0 1em}h1{font-size:1.3em}</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;

export const SUCCESS_PAGE = page('You are signed in', 'HipStatus can read when you are busy. You can close this page.');
export const ERROR_PAGE = page('The sign-in did not work', 'HipStatus says why. You can close this page.');
