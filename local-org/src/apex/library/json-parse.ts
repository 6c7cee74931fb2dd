/** JSON text to a tree that keeps numbers as written. */
import { throwApex } from '../run/exceptions.js';

/** A number as its text. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

export type JsonTree =
  null | boolean | string | JsonNumber | readonly JsonTree[] | ReadonlyMap<string, JsonTree>;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /true|false|null/y;
const DEEPEST = 500;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): JsonTree {
    const tree = this.value(0);
    this.token(SPACE);
    if (this.at < this.text.length) this.fail();
    return tree;
  }

  private token(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return null;
    this.at = pattern.lastIndex;
    return match[0];
  }

  private next(): string {
    this.token(SPACE);
    return this.text[this.at] ?? '';
  }

  private fail(): never {
    const found = this.text[this.at];
    const line = this.text.slice(0, this.at).split('\n').length;
    const column = this.at - this.text.lastIndexOf('\n', this.at - 1);
    throwApex(
      'JSONException',
      found === undefined
        ? `Unexpected end-of-input at [line:${line}, column:${column}]`
        : `Unexpected character ('${found}' (code ${found.charCodeAt(0)})) at [line:${line}, column:${column}]`,
    );
  }

  private value(depth: number): JsonTree {
    if (depth > DEEPEST) throwApex('JSONException', `JSON is nested deeper than ${DEEPEST} levels`);
    const first = this.next();
    if (first === '{') return this.object(depth);
    if (first === '[') return this.array(depth);
    if (first === '"') return this.string();
    const number = this.token(NUMBER);
    if (number) return new JsonNumber(number);
    const word = this.token(WORD);
    if (word === null) this.fail();
    return word === 'null' ? null : word === 'true';
  }

  private string(): string {
    const raw = this.token(STRING);
    if (raw === null) this.fail();
    return JSON.parse(raw) as string;
  }

  private object(depth: number): JsonTree {
    const members = new Map<string, JsonTree>();
    this.at++;
    if (this.next() === '}') this.at++;
    else {
      for (;;) {
        if (this.next() !== '"') this.fail();
        const name = this.string();
        if (this.next() !== ':') this.fail();
        this.at++;
        members.set(name, this.value(depth + 1));
        const end = this.next();
        if (end !== ',' && end !== '}') this.fail();
        this.at++;
        if (end === '}') break;
      }
    }
    return members;
  }

  private array(depth: number): JsonTree {
    const items: JsonTree[] = [];
    this.at++;
    if (this.next() === ']') this.at++;
    else {
      for (;;) {
        items.push(this.value(depth + 1));
        const end = this.next();
        if (end !== ',' && end !== ']') this.fail();
        this.at++;
        if (end === ']') break;
      }
    }
    return items;
  }
}

/** Throws `JSONException` with line and column for anything that is no JSON. */
export function parseJson(text: string): JsonTree {
  return new Reader(text).document();
}

export function isJsonObject(tree: JsonTree): tree is ReadonlyMap<string, JsonTree> {
  return tree instanceof Map;
}

export function isJsonArray(tree: JsonTree): tree is readonly JsonTree[] {
  return Array.isArray(tree);
}
