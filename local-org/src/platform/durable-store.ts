/**
 * Small collections that outlive the process: one JSON-lines journal each, appended on every change and rewritten when
 * opened. The last line may be cut short by a crash; it is dropped then. Mails and the secrets of named credentials are
 * among them, so only the user of the process may read the files.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { DurableStore, Json } from '../org/contracts.js';

const OWNER_ONLY = 0o600;

/** For tests and for an org that is thrown away. */
export class MemoryStore implements DurableStore {
  protected readonly collections = new Map<string, Map<string, Json>>();

  load(collection: string): readonly Json[] {
    return [...this.entries(collection).values()];
  }

  put(collection: string, key: string, value: Json | null): void {
    const entries = this.entries(collection);
    if (value === null) entries.delete(key);
    else entries.set(key, value);
  }

  protected entries(collection: string): Map<string, Json> {
    let entries = this.collections.get(collection);
    if (!entries) {
      entries = new Map(this.readStored(collection));
      this.collections.set(collection, entries);
    }
    return entries;
  }

  /** What an earlier process left behind. */
  protected readStored: (collection: string) => Iterable<readonly [string, Json]> = () => [];
}

export class FileStore extends MemoryStore {
  /** @param folder created when missing; one file a collection */
  constructor(private readonly folder: string) {
    super();
    mkdirSync(folder, { recursive: true });
  }

  override put(collection: string, key: string, value: Json | null): void {
    super.put(collection, key, value);
    appendFileSync(this.file(collection), `${JSON.stringify([key, value])}\n`, {
      mode: OWNER_ONLY,
    });
  }

  protected override readStored = (collection: string): Map<string, Json> => {
    const file = this.file(collection);
    const entries = new Map<string, Json>();
    if (!existsSync(file)) return entries;
    const lines = readFileSync(file, 'utf8').split('\n');
    const isCut = lines.pop() !== '';
    lines.forEach((line, index) => {
      const [key, value] = parseEntry(line, `${file}:${index + 1}`);
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    });
    if (isCut || lines.length > entries.size) this.rewrite(file, entries);
    return entries;
  };

  private rewrite(file: string, entries: ReadonlyMap<string, Json>): void {
    const text = [...entries].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    writeFileSync(`${file}.new`, text, { mode: OWNER_ONLY });
    renameSync(`${file}.new`, file);
  }

  private file(collection: string): string {
    return path.join(this.folder, `${collection}.jsonl`);
  }
}

function parseEntry(line: string, where: string): [string, Json | null] {
  try {
    return JSON.parse(line) as [string, Json | null];
  } catch {
    throw new Error(
      `${where} is not a JSON entry. The org's data was changed by hand: restore the file or delete the data folder.`,
    );
  }
}
