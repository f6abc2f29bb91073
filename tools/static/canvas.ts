/** A canvas that holds one picture, which Observable Plot fills and takes as PNG. */

import { crc32, deflateSync } from 'node:zlib';

interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export class Canvas {
  width = 0;
  height = 0;
  #pixels: Pixels | null = null;

  getContext() {
    return {
      createImageData: (width: number, height: number): Pixels => ({
        width,
        height,
        data: new Uint8ClampedArray(4 * width * height),
      }),
      putImageData: (pixels: Pixels) => {
        this.#pixels = pixels;
      },
    };
  }

  toDataURL() {
    if (!this.#pixels) throw new Error('Nothing was drawn');
    return `data:image/png;base64,${png(this.#pixels).toString('base64')}`;
  }
}

/** Pixels of red, green, blue and alpha as PNG. */
function png({ width, height, data }: Pixels) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6], 8); // bits of a channel, colours with alpha
  const lines = Buffer.alloc(height * (4 * width + 1));
  for (let y = 0; y < height; y++)
    lines.set(data.subarray(4 * width * y, 4 * width * (y + 1)), y * (4 * width + 1) + 1);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

function chunk(kind: string, content: Buffer) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
