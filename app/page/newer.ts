/** A page that misses a part of itself, most often because a newer version has taken its place on the server. */

const MARK = 'nabla.reloaded';
export const NEWER = 'A newer version of this page is there. Load the page again.';

/** The version of this page, as the build wrote it. */
const version = () => versionOf(document.getElementById('build')?.textContent ?? '');

const versionOf = (text: string) => /"version":"(\w+)"/.exec(text)?.[1] ?? '';

/** Whether the server has another version than this one. Asked past every cache, which has the newer one from then on. */
export async function newerThere(): Promise<boolean> {
  try {
    const response = await fetch(new URL('.', location.href), { cache: 'reload' });
    const there = response.ok ? versionOf(await response.text()) : '';
    return there !== '' && there !== version();
  } catch {
    // Without a network nothing newer can be had.
    return false;
  }
}

/** Why a part of the page did not come, in words. */
export const whyMissing = async () =>
  (await newerThere()) ? NEWER : 'This part of the page did not arrive. Is there a network?';

/** Load the newer version, where there is one, once by itself; whether it does. */
export const newerLoads = async () => (await newerThere()) && reloadedOnce();

/** Load the page again, once in this tab for each version; whether it does. */
function reloadedOnce(): boolean {
  try {
    const key = `${MARK} ${version()}`;
    if (sessionStorage.getItem(key)) return false;
    sessionStorage.setItem(key, 'yes');
  } catch {
    // Where nothing can be remembered, it might go on for ever.
    return false;
  }
  location.reload();
  return true;
}
