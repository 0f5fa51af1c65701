import { StreamRelay } from './client.js';

const keyItem = 'streamrelay.key';

/** The server of this page. */
export const relay = new StreamRelay(undefined, { apiKey: () => sessionStorage.getItem(keyItem) });

export function hasKey() {
  return sessionStorage.getItem(keyItem) !== null;
}

export function keepKey(key) {
  sessionStorage.setItem(keyItem, key);
}
