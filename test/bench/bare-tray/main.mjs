// The smallest honest tray app: one icon, one menu. The bench compares HipStatus to it, and the e2e harness is proved on it.
// It says each event as one JSON line on standard output.
import { app, BrowserWindow, Menu, Notification, nativeImage, shell, Tray } from 'electron';

const SIZE = 22;
const PAGE = '<!doctype html><title>Bare window</title><h1>Bare window</h1><input autofocus aria-label="Name">';

const say = (event, fields = {}) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);

/** A square of one colour. Electron's bitmaps are BGRA. */
function square([red, green, blue]) {
  const pixels = Buffer.alloc(SIZE * SIZE * 4);
  for (let p = 0; p < pixels.length; p += 4) pixels.set([blue, green, red, 255], p);
  return nativeImage.createFromBitmap(pixels, { width: SIZE, height: SIZE });
}

const green = [0, 160, 60];
const orange = [240, 140, 0];
// Referenced for as long as the app runs: a Tray that is collected disappears, a Notification loses its click.
const kept = { tray: undefined, notification: undefined, panel: undefined };

function notify() {
  kept.notification = new Notification({ title: 'Bare notification', body: 'Click it', silent: true });
  kept.notification.on('click', () => say('notification-click'));
  kept.notification.show();
}

function showWindow() {
  const window = new BrowserWindow({ width: 360, height: 200, webPreferences: { sandbox: true } });
  void window.loadURL(`data:text/html,${encodeURIComponent(PAGE)}`);
}

/** As a panel at the icon: one word in it, shown when it is there, gone at the next click. */
function togglePanel() {
  if (kept.panel !== undefined) {
    kept.panel.destroy();
    kept.panel = undefined;
    return;
  }
  const began = performance.now();
  kept.panel = new BrowserWindow({
    width: 440,
    height: 480,
    show: false,
    frame: false,
    webPreferences: { sandbox: true },
  });
  kept.panel.once('ready-to-show', () => kept.panel?.show());
  kept.panel.once('show', () => say('shown', { milliseconds: Math.round(performance.now() - began) }));
  void kept.panel.loadURL('data:text/html,<p>Today</p>');
}

function menu() {
  return Menu.buildFromTemplate([
    { label: 'Bare tray', enabled: false },
    { type: 'separator' },
    { label: 'Notify', click: notify },
    { label: 'Open address', click: () => void shell.openExternal('http://127.0.0.1:9/bare?x=1&y=2') },
    { label: 'Show window', click: showWindow },
    { label: 'Switched', type: 'checkbox', click: (item) => switchIcon(item.checked) },
    { label: 'More', submenu: [{ label: 'Hello', click: () => say('hello') }] },
    { label: 'Quit', click: () => app.quit() },
  ]);
}

function switchIcon(on) {
  kept.tray.setImage(square(on ? orange : green));
  kept.tray.setToolTip(on ? 'Bare tray: switched' : 'Bare tray');
  say('switched', { on });
}

function start() {
  kept.tray = new Tray(square(green));
  kept.tray.setToolTip('Bare tray');
  kept.tray.setContextMenu(menu());
  kept.tray.on('click', togglePanel);
  say('ready', { packaged: app.isPackaged, name: app.name, userData: app.getPath('userData') });
}

// As in HipStatus, so that what is compared is the apps and not how each machine draws.
app.disableHardwareAcceleration();
app.on('window-all-closed', () => undefined);
// Not awaited: Electron waits for this module's end before it is ready.
app.whenReady().then(start);
