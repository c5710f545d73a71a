const storageKey = 'tollbook-single-keys';

/** Whether keys without Ctrl or Command do anything: a choice of this browser's user, on unless they turned it off. */
export function areSingleKeysOn(): boolean {
  return localStorage.getItem(storageKey) !== 'off';
}

export function setSingleKeys(isOn: boolean): void {
  localStorage.setItem(storageKey, isOn ? 'on' : 'off');
}
