/** Hand a file to the visitor: a program, or what a program has written. */

export function save(name: string, content: string | Uint8Array<ArrayBuffer>): string {
  const address = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return `Saved as ${name}`;
}
