/**
 * Pages that need no program: one for every question of the gallery, found by search engines, and the manual.
 *
 * `node tools/static/pages.ts JOB.json` reads a `Job` and writes the pages into the site, with their pictures, and where
 * the public address of the site is known also the sitemap. Answers are drawn by the page's own renderers.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { render } from 'preact';
import gallery from '../../app/generated/gallery.json' with { type: 'json' };
import schema from '../../app/generated/schema.json' with { type: 'json' };
import { html } from '../../app/page/html.ts';
import { proseText } from '../../app/render/formula/tex_text.ts';
import { type Answer, answerOf, proseOf } from './answer.ts';
import { card, pngs, thumbnail } from './cards.ts';

interface Job {
  stage: string;
  /** Of the site, with a slash at its end; '' where it is not known. */
  address: string;
  /** The folder with an answer for each question of the gallery. */
  answers: string;
  /** The pages of the manual, by their names. */
  manual: Record<string, Answer>;
}

/** A page: where it is, what it says of itself, and what stands on it. */
interface Page {
  path: string;
  title: string;
  text: string;
  picture?: string;
  main: HTMLElement[];
}

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** An element of a page, drawn by Preact. */
function element(markup: unknown): HTMLElement {
  const place = document.createElement('div');
  render(markup as never, place);
  return place.firstElementChild as HTMLElement;
}

async function question(example: (typeof gallery)[number], answer: Answer): Promise<Page> {
  const article = document.createElement('article');
  article.className = 'blocks';
  article.append(await proseOf('h2', answer.title));
  for (const { message } of answer.warnings) {
    const note = element(html`<aside class="note" data-tone="warning" data-code></aside>`);
    note.append(await proseOf('p', message));
    article.append(note);
  }
  if (answer.answer) article.append(await sentenceOf(answer.answer.tex));
  article.append(...(await answerOf(answer)));
  const said = await proseOf('p', example.answer);
  said.className = 'answer';
  return {
    path: `q/${example.name}/`,
    title: example.question,
    text: proseText(example.answer),
    picture: `q/${example.name}/card.png`,
    main: [
      element(html`<p class="lab">${example.lab}</p>`),
      element(html`<h1>${example.question}</h1>`),
      said,
      element(html`<p class="live"><a class="button" href=${`../../${example.link}`}>Open it live</a>
        <span>to change the numbers, step by step, with Python in your browser.</span></p>`),
      article,
    ],
  };
}

/** The sentence that answers. */
async function sentenceOf(tex: string) {
  const sentence = await proseOf('p', tex);
  sentence.className = 'sentence';
  return sentence;
}

async function questions(): Promise<Page> {
  const title = 'Questions, answered and checked';
  const main = [element(html`<h1>${title}</h1>`)];
  for (const lab of schema.labs) {
    const its = gallery.filter((example) => example.lab === lab.name);
    const list = await listed(its.map(({ name, question, answer }) => [`${name}/`, question, answer]));
    main.push(element(html`<h2>${lab.title}</h2>`), list);
  }
  const text = 'Derivatives, gradients, fits, optimisers, networks and fields: what people ask, each answer checked.';
  return { path: 'q/', title, text, main };
}

/** Links, each with what it leads to. */
async function listed(links: [address: string, title: string, text: string][]) {
  const list = element(html`<ul class="questions"></ul>`);
  for (const [address, title, text] of links) {
    const item = element(html`<li><a href=${address}>${title}</a></li>`);
    item.append(await proseOf('p', text));
    list.append(item);
  }
  return list;
}

async function manualPage(name: string, { title, blocks }: Answer): Promise<Page> {
  const article = document.createElement('article');
  article.className = 'blocks';
  article.append(...(await answerOf({ title, warnings: [], blocks })));
  return {
    path: `docs/${name}.html`,
    title,
    text: proseText(blocks[0].text),
    main: [element(html`<h1>${title}</h1>`), article],
  };
}

async function manualContents(manual: Job['manual']): Promise<Page> {
  const links = Object.entries(manual).map(([name, { title, blocks }]) => [`${name}.html`, title, blocks[0].text]);
  const text = 'What each lab answers, how to read its checks, how to link, embed and host, and to ask from Python.';
  const main = [element(html`<h1>Manual</h1>`), await listed(links as [string, string, string][])];
  return { path: 'docs/', title: 'Manual', text, main };
}

/** The style sheet: what the page has for blocks, what these pages need, and a class for each style of an element. */
function styleSheet(pages: Page[]) {
  const classes = new Map<string, string>();
  for (const node of pages.flatMap(({ main }) => main).flatMap((part) => [...part.querySelectorAll('[style]')])) {
    const style = node.getAttribute('style') ?? '';
    const name = classes.get(style) ?? `style-${classes.size + 1}`;
    classes.set(style, name);
    node.classList.add(name);
    // The policy allows no styles but those of the sheet.
    node.removeAttribute('style');
  }
  const rules = [...classes].map(([style, name]) => `.${name} { ${style} }\n`).join('');
  const contents = `@import "./pages.css";\n${rules}`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: HERE, loader: 'css' },
    bundle: true,
    minify: true,
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

function whole(page: Page, { address }: Job, style: string) {
  const up = '../'.repeat(page.path.split('/').length - 1);
  const meta: Record<string, string> = {
    'og:type': 'article',
    'og:site_name': 'Nabla',
    'og:title': page.title,
    'og:description': page.text,
  };
  if (address) meta['og:url'] = address + page.path;
  if (address && page.picture) {
    Object.assign(meta, { 'og:image': address + page.picture, 'og:image:width': '1200', 'og:image:height': '630' });
  }
  const root = element(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content=${POLICY} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="description" content=${page.text} />
      <title>${page.title} · Nabla</title>
      <link rel="stylesheet" href=${up + style} />
      <link rel="icon" href=${`${up}icon-192.png`} />
      ${address && html`<link rel="canonical" href=${address + page.path} /><meta name="twitter:card" content="summary_large_image" />`}
      ${Object.entries(meta).map(([name, content]) => html`<meta property=${name} content=${content} />`)}
    </head>
    <body>
      <header><a class="brand" href=${up}>∇ Nabla</a>
        <nav aria-label="Pages"><a href=${`${up}q/`}>All questions</a><a href=${`${up}docs/`}>Manual</a></nav></header>
      <main></main>
      <footer><p>Computed and checked by Nabla: Python in your own browser, nothing sent anywhere.</p>
        <a href=${`${up}licences.html`}>Licences</a></footer>
    </body>
  </html>`);
  root.querySelector('main')?.append(...page.main);
  return `<!doctype html>\n${root.outerHTML}\n`;
}

function sitemap(pages: Page[], { stage, address }: Job) {
  const places = ['', ...pages.map(({ path }) => path)].map((path) => `<url><loc>${address}${path}</loc></url>`);
  const head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">';
  writeFileSync(join(stage, 'sitemap.xml'), `${head}${places.join('')}</urlset>\n`);
  writeFileSync(join(stage, 'robots.txt'), `User-agent: *\nAllow: /\nSitemap: ${address}sitemap.xml\n`);
}

async function main(job: Job) {
  const pages: Page[] = [];
  const cards: { svg: string; path: string }[] = [];
  for (const example of gallery) {
    const answer: Answer = JSON.parse(readFileSync(join(job.answers, `${example.name}.json`), 'utf8'));
    const folder = join(job.stage, 'q', example.name);
    mkdirSync(folder, { recursive: true });
    pages.push(await question(example, answer));
    writeFileSync(join(folder, 'card.svg'), thumbnail(answer));
    cards.push({ svg: card(example, answer), path: join(folder, 'card.png') });
  }
  pages.push(await questions(), await manualContents(job.manual));
  for (const [name, document] of Object.entries(job.manual)) pages.push(await manualPage(name, document));
  const sheet = styleSheet(pages);
  const style = `assets/pages-${createHash('sha256').update(sheet).digest('hex').slice(0, 8)}.css`;
  writeFileSync(join(job.stage, style), sheet);
  mkdirSync(join(job.stage, 'docs'));
  for (const page of pages) {
    const path = page.path.endsWith('/') ? `${page.path}index.html` : page.path;
    writeFileSync(join(job.stage, path), whole(page, job, style));
  }
  await pngs(cards);
  if (job.address) sitemap(pages, job);
}

await main(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
