import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import { RowJournal, Store } from '../../src/database/index.js';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  type FieldValue,
} from '../../src/values/values.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'journal-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VALUES: Readonly<Record<string, FieldValue>> = {
  text: 'a "quoted"\nline',
  flag: true,
  whole: 7,
  long: 9007199254740993n,
  number: new Decimal('0.10000000000000000001'),
  double: new ApexDouble(1.5),
  day: new ApexDate(2026, 2, 28),
  instant: new ApexDatetime(1_700_000_000_000),
  time: new ApexTime(3_600_000),
  blob: new ApexBlob(Buffer.from([0, 255, 10])),
};

function reopen(): Store {
  const store = new Store();
  RowJournal.attach(store, folder);
  return store;
}

describe('a kept org', () => {
  it('has every committed row, value by value, and its counters when opened again', () => {
    const store = reopen();
    const id = store.nextId('Thing__c', 'a00');
    store.put('Thing__c', id, new Map(Object.entries(VALUES)));
    store.put('Thing__c', 'twin', new Map([['blob', VALUES['blob'] ?? null]]));
    store.commit();
    store.put('Thing__c', 'rolled back', new Map());
    store.rollbackTo(0);
    store.commit();

    const again = reopen();
    expect(Object.fromEntries(again.get('Thing__c', id) ?? [])).toEqual(VALUES);
    expect(again.get('Thing__c', 'rolled back')).toBeUndefined();
    expect(again.nextId('Thing__c', 'a00')).not.toBe(id);
    expect(readdirSync(path.join(folder, 'blobs'))).toHaveLength(1);
  });

  it('drops a commit that a crash cut short, and goes on', () => {
    appendFileSync(path.join(folder, 'rows.jsonl'), '["Thing__c","half",{}]\n{"comm');
    const store = reopen();
    expect(store.get('Thing__c', 'half')).toBeUndefined();
    store.put('Thing__c', 'next', new Map());
    store.commit();
    expect(reopen().get('Thing__c', 'next')).toBeDefined();
  });

  it('forgets its history when that outgrows the rows', () => {
    const store = reopen();
    for (let round = 0; round < 20; round++) {
      store.put('Thing__c', 'next', new Map([['whole', round]]));
      store.commit();
    }
    expect(reopen().get('Thing__c', 'next')?.get('whole')).toBe(19);
    expect(readFileSync(path.join(folder, 'rows.jsonl'), 'utf8').trim().split('\n')).toHaveLength(
      4,
    );
  });

  it('names the line that cannot be read', () => {
    appendFileSync(path.join(folder, 'rows.jsonl'), 'nonsense\n');
    expect(reopen).toThrow(/rows\.jsonl:5 is not a line of the org's journal/);
  });
});
