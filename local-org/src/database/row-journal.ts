/**
 * Keeps the rows of an org across restarts: a journal of JSON lines that every commit appends to, and one file for each
 * distinct blob. A commit is one write that ends with its own line; what a crash cut short is dropped when the org is
 * opened again. The journal is rewritten at opening when most of it is history.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { decodeRow, encodeRow, type BlobStore, type JsonRow } from './row-json.js';
import type { CommitListener, CommittedChange, Store } from './store.js';

/** `[object, id, row or null]` of a change, or the counters that end a commit. */
type ChangeLine = readonly [object: string, id: string, row: JsonRow | null];
type Line = ChangeLine | { readonly commit: Readonly<Record<string, number>> };

class BlobFolder implements BlobStore {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  has(hash: string): boolean {
    return existsSync(this.file(hash));
  }

  write(hash: string, bytes: Buffer): void {
    const partial = `${this.file(hash)}.partial`;
    writeFileSync(partial, bytes);
    renameSync(partial, this.file(hash));
  }

  read(hash: string): Buffer {
    return readFileSync(this.file(hash));
  }

  private file(hash: string): string {
    return path.join(this.folder, hash);
  }
}

/** Rewrite the journal when it has this many times more changes than rows. */
const MOST_HISTORY = 2;

export class RowJournal implements CommitListener {
  private readonly file: string;
  private readonly blobs: BlobStore;

  private constructor(folder: string) {
    this.file = path.join(folder, 'rows.jsonl');
    this.blobs = new BlobFolder(path.join(folder, 'blobs'));
  }

  /**
   * Fills the store with what the folder holds and keeps every later commit there.
   * @param folder made when missing; give each org its own
   */
  static attach(store: Store, folder: string): RowJournal {
    const journal = new RowJournal(folder);
    journal.load(store);
    store.onCommit(journal);
    return journal;
  }

  committed(changes: readonly CommittedChange[], counters: ReadonlyMap<string, number>): void {
    const lines = changes.map(({ object, id, row }): Line => [
      object,
      id,
      row && encodeRow(row, this.blobs),
    ]);
    appendFileSync(this.file, this.text([...lines, { commit: Object.fromEntries(counters) }]));
  }

  private text(lines: readonly Line[]): string {
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  private load(store: Store): void {
    if (!existsSync(this.file)) return;
    const text = readFileSync(this.file, 'utf8');
    let pending: ChangeLine[] = [];
    let changes = 0;
    let whole = 0;
    let from = 0;
    for (let number = 1; from < text.length; number++) {
      const end = text.indexOf('\n', from);
      if (end < 0) break;
      const line = this.parse(text.slice(from, end), number);
      from = end + 1;
      if (!('commit' in line)) {
        pending.push(line);
        continue;
      }
      store.restore(
        pending.map(([object, id, row]) => ({
          object,
          id,
          row: row && decodeRow(row, this.blobs),
        })),
        Object.entries(line.commit),
      );
      changes += pending.length;
      pending = [];
      whole = from;
    }
    if (whole < text.length) truncateSync(this.file, Buffer.byteLength(text.slice(0, whole)));
    const rows = [...store.rows()];
    if (changes > rows.length * MOST_HISTORY) this.rewrite(store);
  }

  private parse(line: string, number: number): Line {
    try {
      return JSON.parse(line) as Line;
    } catch {
      throw new Error(
        `${this.file}:${number} is not a line of the org's journal. Restore the file, or delete its folder to begin ` +
          `with a new org.`,
      );
    }
  }

  private rewrite(store: Store): void {
    const lines = [...store.rows()].map(({ object, id, row }): Line => [
      object,
      id,
      encodeRow(row, this.blobs),
    ]);
    const next = `${this.file}.new`;
    writeFileSync(
      next,
      this.text([...lines, { commit: Object.fromEntries(store.sequenceState()) }]),
    );
    renameSync(next, this.file);
  }
}
