/** What to paste into a page, so that an answer stands in it. */

const quoted = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * An address that opens only the answer.
 * @param link the address of a question
 * @param theme auto, light or dark
 */
export function embedAddress(link: string, theme: string) {
  const [page = '', hash = ''] = link.split('#');
  return `${page}?embed${theme === 'auto' ? '' : `&theme=${theme}`}#${hash}`;
}

export function embedCode({
  link,
  title,
  theme,
  height,
  follow,
}: {
  /** the address of the question */ link: string;
  /** what the frame is called for those who listen */ title: string;
  theme: string;
  /** in pixels, as long as the host does not follow */ height: number;
  /** whether the frame becomes as high as the answer, by a script in the host */ follow: boolean;
}) {
  const frame =
    `<iframe src="${quoted(embedAddress(link, theme))}" title="${quoted(title)}" ` +
    `width="100%" height="${height}" style="border: 0" loading="lazy" allow="clipboard-write"></iframe>`;
  return follow ? `${frame}\n${SCRIPT}` : frame;
}

/** One of these is enough for all frames of a page; only a frame's own messages change its height. */
const SCRIPT = `<script>
addEventListener("message", ({ data, source }) => {
  if (data?.nabla !== "height") return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source) frame.height = data.height;
  }
});
</script>`;
