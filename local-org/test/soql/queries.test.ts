import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import { ApexDate, ApexDatetime, type SObjectRecord } from '../../src/values/values.js';
import {
  createTestOrg,
  customObject,
  record,
  removeProjects,
  type TestOrg,
} from '../database/harness.js';

const files = {
  ...customObject('Parent__c', {
    Region__c:
      '<type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><value><fullName>North</fullName><default>false</default><label>The North</label></value><value><fullName>South</fullName><default>true</default><label>The South</label></value></valueSetDefinition></valueSet>',
    Key__c:
      '<type>Text</type><length>20</length><externalId>true</externalId><unique>true</unique>',
  }),
  ...customObject(
    'Child__c',
    {
      Parent__c:
        '<type>MasterDetail</type><referenceTo>Parent__c</referenceTo><relationshipName>Children</relationshipName>',
      Amount__c: '<type>Number</type><precision>10</precision><scale>2</scale>',
      On__c: '<type>Date</type>',
      At__c: '<type>DateTime</type>',
      Tags__c:
        '<type>MultiselectPicklist</type><valueSet><valueSetDefinition><value><fullName>a</fullName><default>false</default></value></valueSetDefinition></valueSet>',
      Done__c: '<type>Checkbox</type><defaultValue>false</defaultValue>',
      Twice__c:
        '<type>Number</type><precision>18</precision><scale>2</scale><formula>Amount__c * 2</formula>',
      Notes__c: '<type>LongTextArea</type><length>1000</length>',
    },
    '<nameField><label>Name</label><type>AutoNumber</type><displayFormat>C-{000}</displayFormat></nameField>',
  ),
};

let org: TestOrg;
const names = (rows: readonly SObjectRecord[]): unknown[] => rows.map((row) => row.get('Name'));

beforeAll(() => {
  org = createTestOrg(files);
  org.automation.formula = (_formula, row) => {
    const amount = row.get('Amount__c');
    return amount instanceof Decimal ? amount.times(2) : null;
  };
  const north = record('Parent__c', { Name: 'Nora', Region__c: 'North', Key__c: 'K1' });
  const south = record('Parent__c', { Name: 'Sam', Key__c: 'K2' });
  org.insert(north, south);
  const child = (
    parent: SObjectRecord,
    amount: number | null,
    day: number,
    more = {},
  ): SObjectRecord =>
    record('Child__c', {
      Parent__c: parent.id,
      Amount__c: amount === null ? null : new Decimal(amount),
      On__c: new ApexDate(2026, 11, day),
      At__c: new ApexDatetime(Date.UTC(2026, 10, day, 23, 30)),
      ...more,
    });
  org.insert(
    child(north, 10, 22, { Tags__c: 'a;b', Done__c: true }),
    child(north, 30, 21, { Tags__c: 'b' }),
    child(south, 20, 1),
    child(south, null, 20),
  );
});

afterAll(removeProjects);

describe('a query', () => {
  it('selects by name in any case, with and without the namespace', () => {
    const [row] = org.query("select name, NS__region__C from ns__PARENT__c where KEY__c = 'k1'");
    expect(row?.get('Name')).toBe('Nora');
    expect(row?.get('Region__c')).toBe('North');
    expect(row?.id).toMatch(/^a\w{17}$/);
  });

  it('reads parents and children', () => {
    const [child] = org.query(
      "SELECT Parent__r.Name, Parent__r.Owner.Name FROM Child__c WHERE Name = 'C-001'",
    );
    expect(child?.getParent('Parent__r')?.get('Name')).toBe('Nora');
    expect(child?.getParent('Parent__r')?.getParent('Owner')?.get('Name')).toBe('Test User');
    const [parent] = org.query(
      "SELECT Id, (SELECT Name, Amount__c FROM Children__r WHERE Amount__c > 5 ORDER BY Amount__c DESC LIMIT 1) FROM Parent__c WHERE Name = 'Nora'",
    );
    expect(names(parent?.getChildren('Children__r') ?? [])).toEqual(['C-002']);
  });

  it.each([
    ['Amount__c > 10', ['C-002', 'C-003']],
    ['Amount__c != 10', ['C-002', 'C-003', 'C-004']],
    ['Amount__c = null', ['C-004']],
    ['NOT Amount__c > 10', ['C-001', 'C-004']],
    ["Name LIKE 'c-00_' AND (Amount__c = 10 OR Amount__c = 20)", ['C-001', 'C-003']],
    ["Name LIKE 'c\\\\_%'", []],
    ["Name NOT IN ('C-001', 'C-002')", ['C-003', 'C-004']],
    ["Parent__r.Key__c IN ('K1')", ['C-001', 'C-002']],
    ["Tags__c INCLUDES ('a;b', 'c')", ['C-001']],
    ["Tags__c EXCLUDES ('a')", ['C-002', 'C-003', 'C-004']],
    ['Done__c = TRUE', ['C-001']],
    ['Twice__c >= 40', ['C-002', 'C-003']],
    ['On__c = TODAY', ['C-001']],
    ['On__c = LAST_N_DAYS:2', ['C-001', 'C-002', 'C-004']],
    ['On__c < THIS_WEEK', ['C-002', 'C-003', 'C-004']],
    ['On__c = 2026-11-21', ['C-002']],
    ['At__c >= 2026-11-21T23:30:00Z', ['C-001', 'C-002']],
    ['At__c = YESTERDAY', ['C-002']],
    ['DAY_IN_MONTH(On__c) = 1', ['C-003']],
    ["Parent__c IN (SELECT Id FROM Parent__c WHERE Region__c = 'south')", ['C-003', 'C-004']],
    ["Parent__c NOT IN (SELECT Id FROM Parent__c WHERE Region__c = 'South')", ['C-001', 'C-002']],
  ])('filters by %s', (where, expected) => {
    expect(names(org.query(`SELECT Name FROM Child__c WHERE ${where}`))).toEqual(expected);
  });

  it('joins back from children', () => {
    expect(
      names(
        org.query(
          'SELECT Name FROM Parent__c WHERE Id IN (SELECT Parent__c FROM Child__c WHERE Amount__c = 20)',
        ),
      ),
    ).toEqual(['Sam']);
  });

  it('takes bind values, lists too', () => {
    expect(
      names(
        org.query('SELECT Name FROM Parent__c WHERE Name IN :names LIMIT :most', ['sam', 'x'], 1),
      ),
    ).toEqual(['Sam']);
    expect(() => org.query('SELECT Id FROM Parent__c WHERE Name = :names', ['a'])).toThrow(
      /use IN/,
    );
  });

  it('orders with empty values first unless told, and pages', () => {
    const amounts = (soql: string): unknown[] => names(org.query(soql));
    expect(amounts('SELECT Name FROM Child__c ORDER BY Amount__c')).toEqual([
      'C-004',
      'C-001',
      'C-003',
      'C-002',
    ]);
    expect(amounts('SELECT Name FROM Child__c ORDER BY Amount__c DESC NULLS LAST')).toEqual([
      'C-002',
      'C-003',
      'C-001',
      'C-004',
    ]);
    expect(
      amounts('SELECT Name FROM Child__c ORDER BY Parent__r.Name DESC, Name DESC LIMIT 2 OFFSET 1'),
    ).toEqual(['C-003', 'C-002']);
  });

  it('counts, groups and filters groups', () => {
    expect(org.run('SELECT COUNT() FROM Child__c WHERE Amount__c > 0').totalSize).toBe(3);
    const groups = org.query(
      'SELECT Parent__r.Name, COUNT(Id) total, COUNT(Amount__c), SUM(Amount__c) s, AVG(Amount__c) a, MAX(On__c) m FROM Child__c GROUP BY Parent__r.Name HAVING COUNT(Id) > 1 ORDER BY SUM(Amount__c) DESC',
    );
    expect(groups.map((row) => [row.get('Name'), row.get('total'), row.get('expr0')])).toEqual([
      ['Nora', 2, 2],
      ['Sam', 2, 1],
    ]);
    expect(String(groups[0]?.get('s'))).toBe('40');
    expect(String(groups[0]?.get('a'))).toBe('20');
    expect(String(groups[1]?.get('m'))).toBe('2026-11-20');
    expect(
      org.query('SELECT MAX(Amount__c) FROM Child__c WHERE Name = null')[0]?.get('expr0'),
    ).toBeNull();
  });

  it('labels picklist values and selects field groups', () => {
    expect(
      org.query("SELECT toLabel(Region__c) FROM Parent__c WHERE Name = 'Sam'")[0]?.get('Region__c'),
    ).toBe('The South');
    expect(org.query('SELECT FIELDS(CUSTOM) FROM Parent__c LIMIT 1')[0]?.has('Key__c')).toBe(true);
  });

  it.each([
    ['SELECT Nope__c FROM Parent__c', /No such column 'Nope__c' on entity 'Parent__c'/],
    ['SELECT Id FROM Nope__c', /sObject type 'Nope__c' is not supported/],
    ['SELECT Up__r.Name FROM Child__c', /Didn't understand relationship 'Up__r' in field path/],
    [
      'SELECT Id, (SELECT Id FROM Nopes__r) FROM Parent__c',
      /Didn't understand relationship 'Nopes__r' in FROM/,
    ],
    [
      'SELECT Id FROM Parent__c WHERE Name = 5',
      /must be of type string and should be enclosed in quotes/,
    ],
    ["SELECT Id FROM Child__c WHERE Amount__c = 'x'", /must be of type double/],
    ["SELECT Id FROM Child__c WHERE Parent__c = 'x'", /invalid ID field: x/],
    ["SELECT Id FROM Child__c WHERE Notes__c = 'x'", /can not be filtered/],
    ['SELECT Name, COUNT(Id) FROM Child__c', /must be grouped or aggregated: Name/],
    ['SELECT Id FORM Parent__c', /MALFORMED_QUERY|mismatched|FROM/i],
    [
      'SELECT Id FROM Parent__c USING SCOPE Mine',
      /USING SCOPE .*is not supported by the local org \(test\)/,
    ],
  ])('refuses %s', (soql, message) => {
    expect(() => org.query(soql)).toThrow(message);
  });

  it('counts queries and rows', () => {
    org.tx.counts.clear();
    org.query('SELECT Id, (SELECT Id FROM Children__r) FROM Parent__c');
    expect(org.tx.limits.used('queries')).toBe(1);
    expect(org.tx.limits.used('queryRows')).toBe(6);
  });
});
