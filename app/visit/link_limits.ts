/**
 * How long a text may be in the places where links are pasted, in characters.
 *
 * These are limits of a whole message; a link must leave room for its words. They change without notice:
 * - Stack Exchange: 600 for a comment, 30,000 for a post (meta.stackoverflow.com/q/19756, meta.stackexchange.com/q/139320);
 * - Discord: 2,000 for people, 4,000 for those who pay (its documentation for developers, "Create Message");
 * - Windows: 2,083 in programs built on WinINet (INTERNET_MAX_URL_LENGTH in wininet.h), older Office among them;
 * - Microsoft Teams: its desktop program failed to open a link of 3,300 (MicrosoftDocs/msteams-docs issue 10761);
 * - Slack: 4,000 advised for a message (api.slack.com/methods/chat.postMessage, "Truncating content");
 * - Telegram: 4,096 (core.telegram.org/method/messages.sendMessage).
 * Twitter, Mastodon and Bluesky count a link as a few characters however long it is.
 */
export const PLACES = [
  ['Stack Exchange (comment)', 600],
  ['Discord', 2000],
  ['Office (Windows)', 2083],
  ['Microsoft Teams', 3000],
  ['Slack', 4000],
  ['Telegram', 4096],
  ['Stack Exchange', 30000],
] as const;

/** The places that are too small for a link. */
export const tooSmall = (length: number) => PLACES.filter(([, limit]) => length > limit);
