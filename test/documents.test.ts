import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// The documents name files and headings of each other. Both are renamed easily, and a dead link is noticed by readers only.

const root = join(import.meta.dir, '..');
const documents = ['*.md', 'docs/*.md', 'bench/**/*.md']
  .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root })])
  .sort();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links of a document that lead nowhere. */
function deadLinks(path: string, text: string): string[] {
  const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(target === path ? text : read(target)).includes(anchor);
  });
}

describe('the documents', () => {
  test.each(documents)('%s has no dead link', (path) => {
    expect(deadLinks(path, read(path))).toEqual([]);
  });

  test('would fail for a missing file and for a missing heading', () => {
    const text = '# One two\n[a](README.md) [b](#one-two) [c](nowhere.md) [d](#two) [e](README.md#nowhere)';
    expect(deadLinks('ARCHITECTURE.md', text)).toEqual(['nowhere.md', '#two', 'README.md#nowhere']);
  });
});
