/**
 * What no fake can prove. test/e2e/launch-electron.ts prints this list where there is no Electron to run, so that nobody
 * counts it as proved.
 */
export const onlyWithABinary: readonly string[] = [
  'The page is in the sandbox of the operating system: process.sandboxed is true and no Node global is in the page.',
  'The policy of app://outerloop is enforced by Chromium as it is over HTTP; WebAssembly and workers run under it.',
  'app://outerloop is cross-origin isolated, so that SharedArrayBuffer is there.',
  "The page's port reaches Electron's process and back, and its close is noticed on both sides.",
  'A frame of another origin that asks for a port gets none.',
  'A dropped folder has its path in the page through webUtils.getPathForFile.',
  'Permissions, devices, downloads and navigation are refused by the events that the guards listen to.',
  'No request of Chromium leaves the machine: a capture of its traffic is empty.',
  'The integrity of the archive is checked where the platform does it (macOS, Windows), and a changed archive does not start.',
  'The fuses are as the packaged file says: ELECTRON_RUN_AS_NODE and --inspect have no effect.',
  "safeStorage uses the desktop's key store, and says basic_text where there is none.",
  'Menu roles, accelerators and the system menu of macOS do what they say.',
  'Notifications show, and clicking one brings the window to the front.',
  'The sign of running searches stands beside the clock (on Linux where the desktop has a place for it: StatusNotifierItem or ' +
    'XEmbed; GNOME needs an extension), its picture is sharp, and its menu opens, shows the newest state and does what it says.',
  'The machine does not sleep while a search is running, and sleeps after.',
  'A second start brings the first to the front; a double click on a .mmar file opens it there.',
  'electron-store reads its folder from Electron when the settings open.',
  'The window opens where it was closed on one, two and changed displays.',
  'The installers install, associate .mmar, and uninstall.',
];
