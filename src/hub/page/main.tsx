import { render } from 'preact';
import { App } from './App.tsx';
import { HubApi } from './api.ts';

const root = document.getElementById('app');
if (root !== null) render(<App api={new HubApi(document.baseURI)} />, root);
