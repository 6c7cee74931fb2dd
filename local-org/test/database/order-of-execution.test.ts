import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import { DmlFailure } from '../../src/org/contracts.js';
import type { SObjectRecord } from '../../src/values/values.js';
import {
  SYSTEM,
  createTestOrg,
  customObject,
  record,
  removeProjects,
  type TestOrg,
} from './harness.js';

const files = {
  ...customObject('Box__c', {
    Size__c: '<type>Number</type><precision>4</precision><scale>2</scale>',
    Kind__c:
      '<type>Picklist</type><required>false</required><valueSet><restricted>true</restricted><valueSetDefinition><value><fullName>Small</fullName><default>true</default></value><value><fullName>Large</fullName><default>false</default></value></valueSetDefinition></valueSet>',
    Code__c:
      '<type>Text</type><length>5</length><unique>true</unique><externalId>true</externalId>',
    Mail__c: '<type>Email</type>',
    Needed__c: '<type>Text</type><length>10</length><required>true</required>',
    Total__c:
      '<type>Summary</type><summaryOperation>sum</summaryOperation><summaryForeignKey>Thing__c.Box__c</summaryForeignKey><summarizedField>Thing__c.Weight__c</summarizedField>',
    Friend__c:
      '<type>Lookup</type><referenceTo>Box__c</referenceTo><relationshipName>Friends</relationshipName>',
    Guard__c:
      '<type>Lookup</type><referenceTo>Box__c</referenceTo><relationshipName>Guarded</relationshipName><deleteConstraint>Restrict</deleteConstraint>',
    Stamp__c: '<type>DateTime</type><defaultValue>NOW()</defaultValue>',
  }),
  ...customObject(
    'Thing__c',
    {
      Box__c:
        '<type>MasterDetail</type><referenceTo>Box__c</referenceTo><relationshipName>Things</relationshipName>',
      Weight__c: '<type>Number</type><precision>6</precision><scale>0</scale>',
    },
    '<nameField><label>Name</label><type>AutoNumber</type><displayFormat>T-{0000}</displayFormat></nameField>',
  ),
};

let org: TestOrg;
let serial = 0;
const box = (values: Parameters<typeof record>[1] = {}): SObjectRecord =>
  record('Box__c', { Name: 'b', Needed__c: 'x', Code__c: `c${++serial}`, ...values });

beforeEach(() => {
  org = createTestOrg(files);
});

afterAll(removeProjects);

function failure(run: () => unknown): DmlFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof DmlFailure) return error;
    throw error;
  }
  throw new Error('expected the save to be refused');
}

describe('a save', () => {
  it('runs its steps in the documented order and fills defaults and system fields', () => {
    const row = box();
    org.automation.trigger = (_tx, timing, _operation, _object, rows) => {
      if (timing === 'before') {
        expect(rows[0]?.record.id).toBeNull();
        expect(rows[0]?.record.get('Kind__c')).toBe('Small');
        rows[0]?.record.set('Size__c', 1.239);
      } else
        expect(String(rows[0]?.record.get('CreatedDate'))).toBe('2026-11-22T12:00:00.000+0000');
    };
    org.insert(row);
    expect(org.automation.calls).toEqual([
      'beforeSave Box__c 1',
      'before insert Box__c 1',
      'rules Box__c 1',
      'after insert Box__c 1',
      'afterSave Box__c 1',
    ]);
    const [stored] = org.query(
      'SELECT Size__c, OwnerId, CreatedById FROM Box__c WHERE Id = :id',
      row.id,
    );
    expect(String(stored?.get('Size__c'))).toBe('1.24');
    expect(stored?.get('OwnerId')).toBe(org.tx.userId);
    // What a trigger sets does not show on the caller's record, only the id does.
    expect(row.has('Size__c')).toBe(false);
    expect(row.id).toHaveLength(18);
  });

  it.each([
    ['a missing required field', { Needed__c: null }, 'REQUIRED_FIELD_MISSING', ['Needed__c']],
    ['a text too long', { Needed__c: 'x'.repeat(11) }, 'STRING_TOO_LONG', ['Needed__c']],
    [
      'a value outside the picklist',
      { Kind__c: 'Huge' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      ['Kind__c'],
    ],
    [
      'a number too large',
      { Size__c: new Decimal(100) },
      'NUMBER_OUTSIDE_VALID_RANGE',
      ['Size__c'],
    ],
    ['a bad address', { Mail__c: 'nobody' }, 'INVALID_EMAIL_ADDRESS', ['Mail__c']],
    [
      'a lookup to another object',
      { Friend__c: '005000000000001AAA' },
      'FIELD_INTEGRITY_EXCEPTION',
      ['Friend__c'],
    ],
    ['a text that is no id', { Friend__c: 'nope' }, 'MALFORMED_ID', ['Friend__c']],
    ['an id of its own', { Id: '005000000000001AAA' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Id']],
    [
      'a read-only field',
      { Total__c: new Decimal(1) },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      ['Total__c'],
    ],
    ['an unknown field', { Nope__c: 'x' }, 'INVALID_FIELD', ['Nope__c']],
  ])('refuses %s', (_what, values, statusCode, fields) => {
    const refused = failure(() => org.insert(box(values)));
    expect(refused.failures[0]?.errors[0]).toMatchObject({ statusCode, fields });
  });

  it('refuses a duplicate of a unique value without regard to case, also within one statement', () => {
    org.insert(box({ Code__c: 'Ab' }));
    expect(
      failure(() => org.insert(box({ Code__c: 'aB' }))).failures[0]?.errors[0]?.statusCode,
    ).toBe('DUPLICATE_VALUE');
    expect(
      failure(() => org.insert(box({ Code__c: 'q' }), box({ Code__c: 'Q' }))).failures[0]?.index,
    ).toBe(1);
  });

  it('takes the whole statement back when one row fails', () => {
    const good = box();
    const refused = failure(() => org.insert(good, box({ Needed__c: null })));
    expect(refused.message).toBe(
      'Insert failed. First exception on row 1; first error: REQUIRED_FIELD_MISSING, Required fields are missing: ' +
        '[Needed__c]: [Needed__c]',
    );
    expect(good.id).toBeNull();
    expect(org.run('SELECT COUNT() FROM Box__c').totalSize).toBe(0);
  });

  it('saves the good rows of a partial save in a second attempt', () => {
    org.automation.trigger = (_tx, timing, _operation, _object, rows) => {
      for (const row of rows) {
        if (timing === 'after' && row.record.get('Name') === 'bad') {
          row.record.errors.push({
            statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
            message: 'no',
            fields: [],
          });
        }
      }
    };
    const rows = [box(), box({ Name: 'bad' }), box({ Needed__c: null }), box()];
    const results = org.database.dml.save(org.tx, 'insert', rows, {
      access: SYSTEM,
      allOrNone: false,
    });
    expect(results.map(({ success }) => success)).toEqual([true, false, false, true]);
    expect(rows.map((row) => row.id !== null)).toEqual([true, false, false, true]);
    expect(org.run('SELECT COUNT() FROM Box__c').totalSize).toBe(2);
    expect(org.automation.calls.filter((call) => call.startsWith('after insert'))).toEqual([
      'after insert Box__c 3',
      'after insert Box__c 2',
    ]);
  });

  it('works in chunks of 200', () => {
    org.insert(...Array.from({ length: 401 }, () => box()));
    expect(org.automation.calls.filter((call) => call.startsWith('before insert'))).toEqual([
      'before insert Box__c 200',
      'before insert Box__c 200',
      'before insert Box__c 1',
    ]);
    expect(org.tx.limits.used('dmlStatements')).toBe(1);
    expect(org.tx.limits.used('dmlRows')).toBe(401);
  });

  it('shows old and new images on update and ignores read-only fields that are unchanged', () => {
    const row = box({ Size__c: new Decimal(2) });
    org.insert(row);
    const [queried] = org.query('SELECT Id, CreatedDate, Total__c, Size__c FROM Box__c');
    queried?.set('Size__c', new Decimal(3));
    const seen: unknown[] = [];
    org.automation.trigger = (_tx, timing, _operation, _object, [first]) => {
      seen.push([timing, String(first?.old?.get('Size__c')), String(first?.record.get('Size__c'))]);
    };
    org.tx.nowMs += 60_000;
    if (queried) org.save('update', queried);
    expect(seen).toEqual([
      ['before', '2', '3'],
      ['after', '2', '3'],
    ]);
    const [after] = org.query('SELECT LastModifiedDate, CreatedDate FROM Box__c');
    expect(String(after?.get('LastModifiedDate'))).toBe('2026-11-22T12:01:00.000+0000');
    expect(String(after?.get('CreatedDate'))).toBe('2026-11-22T12:00:00.000+0000');
  });

  it('stops triggers that save again and again at depth 16', () => {
    org.automation.trigger = (tx, timing) => {
      if (timing === 'after')
        tx.org.dml.save(tx, 'insert', [box()], { access: SYSTEM, allOrNone: true });
    };
    expect(failure(() => org.insert(box())).message).toMatch(/maximum trigger depth exceeded/);
    expect(org.run('SELECT COUNT() FROM Box__c').totalSize).toBe(0);
  });

  it('upserts by external id', () => {
    const existing = box({ Code__c: 'E1' });
    org.insert(existing);
    const rows = [box({ Code__c: 'e1', Name: 'changed' }), box({ Code__c: 'E2' })];
    const results = org.database.dml.save(org.tx, 'upsert', rows, {
      access: SYSTEM,
      allOrNone: true,
      externalIdField: 'Code__c',
    });
    expect(results.map(({ created }) => created)).toEqual([false, true]);
    expect(results[0]?.id).toBe(existing.id);
    expect(org.query("SELECT Name FROM Box__c WHERE Code__c = 'E1'")[0]?.get('Name')).toBe(
      'changed',
    );
  });

  it('names a parent by its external id', () => {
    org.insert(box({ Code__c: 'P1' }));
    const thing = record('Thing__c', { Weight__c: new Decimal(4) });
    thing.setParent('Box__r', record('Box__c', { Code__c: 'P1' }));
    org.insert(thing);
    expect(
      org.query('SELECT Box__r.Code__c FROM Thing__c')[0]?.getParent('Box__r')?.get('Code__c'),
    ).toBe('P1');
  });

  it('keeps roll-up summaries right through insert, update and delete', () => {
    const parent = box();
    org.insert(parent);
    const things = [4, 6].map((weight) =>
      record('Thing__c', { Box__c: parent.id, Weight__c: new Decimal(weight) }),
    );
    org.insert(...things);
    const total = (): string =>
      String(org.query('SELECT Total__c FROM Box__c')[0]?.get('Total__c'));
    expect(total()).toBe('10');
    org.save(
      'update',
      record('Thing__c', { Id: things[0]?.id ?? null, Weight__c: new Decimal(1) }),
    );
    expect(total()).toBe('7');
    org.save('delete', record('Thing__c', { Id: things[1]?.id ?? null }));
    expect(total()).toBe('1');
  });
});

describe('a delete', () => {
  it('takes details along, empties lookups, and brings both back', () => {
    const [parent, other] = [box(), box()];
    org.insert(parent);
    const [friend, unfaithful] = [box({ Friend__c: parent.id }), box({ Friend__c: parent.id })];
    org.insert(friend, unfaithful, other, record('Thing__c', { Box__c: parent.id }));
    org.save('delete', record('Box__c', { Id: parent.id }));
    expect(org.run('SELECT COUNT() FROM Thing__c').totalSize).toBe(0);
    expect(org.run('SELECT COUNT() FROM Box__c WHERE Friend__c != null').totalSize).toBe(0);
    expect(org.run('SELECT COUNT() FROM Box__c WHERE IsDeleted = true ALL ROWS').totalSize).toBe(1);
    expect(failure(() => org.save('update', record('Box__c', { Id: parent.id }))).message).toMatch(
      /ENTITY_IS_DELETED/,
    );
    org.save('update', record('Box__c', { Id: unfaithful.id, Friend__c: other.id }));
    org.save('undelete', record('Box__c', { Id: parent.id }));
    expect(org.run('SELECT COUNT() FROM Thing__c').totalSize).toBe(1);
    const friendOf = (id: string | null) =>
      org.run(`SELECT Friend__c FROM Box__c WHERE Id = '${id}'`).records[0]?.get('Friend__c');
    expect(friendOf(friend.id)).toBe(parent.id);
    expect(friendOf(unfaithful.id)).toBe(other.id);
  });

  it('can be made final: the recycle bin gives up a record with its details, and only what is in it', () => {
    const parent = box();
    org.insert(parent);
    org.insert(record('Thing__c', { Box__c: parent.id }));
    const empty = () => org.save('emptyRecycleBin', record('Box__c', { Id: parent.id }));

    expect(failure(empty).message).toMatch(/Entity is not in the recycle bin/);
    org.save('delete', record('Box__c', { Id: parent.id }));
    expect(empty()[0]?.success).toBe(true);

    expect(org.run('SELECT COUNT() FROM Thing__c ALL ROWS').totalSize).toBe(0);
    expect(
      failure(() => org.save('undelete', record('Box__c', { Id: parent.id }))).message,
    ).toMatch(/INVALID_CROSS_REFERENCE_KEY/);
  });

  it('is refused while a restricted lookup points to the record', () => {
    const parent = box();
    org.insert(parent);
    org.insert(box({ Guard__c: parent.id }));
    expect(failure(() => org.save('delete', record('Box__c', { Id: parent.id }))).message).toMatch(
      /DELETE_FAILED/,
    );
  });

  it('can be refused by a before trigger', () => {
    const row = box();
    org.insert(row);
    org.automation.trigger = (_tx, _timing, _operation, _object, rows) => {
      rows[0]?.record.errors.push({
        statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        message: 'kept',
        fields: [],
      });
    };
    expect(failure(() => org.save('delete', record('Box__c', { Id: row.id }))).message).toMatch(
      /kept/,
    );
    expect(org.run('SELECT COUNT() FROM Box__c').totalSize).toBe(1);
  });
});

describe('a fork', () => {
  it('forgets rows and numbers when it is discarded', () => {
    org.insert(box());
    org.database.commit();
    const fork = org.database.store.fork();
    org.insert(box());
    org.database.commit();
    expect(org.run('SELECT COUNT() FROM Box__c').totalSize).toBe(2);
    fork.discard();
    expect(org.run('SELECT COUNT() FROM Box__c').totalSize).toBe(1);
  });
});
