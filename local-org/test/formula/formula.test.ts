import {
  Formula,
  PicklistText,
  type FormulaScope,
  type FormulaValue,
} from '../../src/formula/index.js';
import { ApexDate, ApexDatetime, Decimal } from '../../src/values/values.js';

const FIELDS: Readonly<Record<string, FormulaValue>> = {
  Name: 'Ada',
  Empty__c: null,
  Amount__c: new Decimal('12.5'),
  NoAmount__c: null,
  IsOpen__c: true,
  Status__c: new PicklistText('Held'),
  NoStatus__c: new PicklistText(null),
  Kinds__c: new PicklistText('File;UserPhoto'),
  Day__c: new ApexDate(2026, 1, 31),
  Moment__c: new ApexDatetime(Date.UTC(2026, 1, 13, 22, 30)),
  'Item__r.RiskTier__c': new PicklistText('High'),
  '$User.Id': '005000000000001AAA',
  '$Record.Title__c': 'cat.png',
};
const PRIOR: Readonly<Record<string, FormulaValue>> = {
  ...FIELDS,
  Status__c: new PicklistText('Verifying'),
  Amount__c: new Decimal(10),
};

const lookUp = (values: typeof FIELDS) => (path: readonly string[]) => {
  const value = values[path.join('.')];
  if (value === undefined) throw new Error('there is no such field');
  return value;
};

const scope: FormulaScope = {
  resolve: lookUp(FIELDS),
  prior: lookUp(PRIOR),
  isNew: false,
  now: () => Date.UTC(2026, 1, 13, 22, 30),
  timeZone: 'Asia/Tokyo',
  blanksAreZero: false,
};

function evaluate(text: string, changes: Partial<FormulaScope> = {}): unknown {
  const value = new Formula(text, 'Rule.xml').evaluate({ ...scope, ...changes });
  if (value === null || typeof value === 'boolean') return value;
  return value instanceof PicklistText ? value : value.toString();
}

describe('operators', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['10 - 2 - 3', '5'],
    ['2 ^ 3', '8'],
    ['-Amount__c + 1', '-11.5'],
    ['0.1 + 0.2', '0.3'],
    ['(1 + 2) * 3', '9'],
    ['"a" & "b" & Empty__c', 'ab'],
    ['Name + "!"', 'Ada!'],
    ['Day__c + 1', '2026-02-01'],
    ['Day__c - DATE(2026, 1, 1)', '30'],
    ['NOW() - Moment__c', '0'],
    ['NoAmount__c + 1', null],
  ])('%s is %s', (text, expected) => expect(evaluate(text)).toBe(expected));

  it.each([
    ['1 = 1.0', true],
    ['Name = "ada"', false],
    ['Name <> "Ada"', false],
    ['Name != "Bob" && Amount__c > 12', true],
    ['Empty__c = ""', true],
    ['NoAmount__c = 0', false],
    ['NoAmount__c < 5', false],
    ['TRUE || 1/0 = 1', true],
    ['FALSE && 1/0 = 1', false],
    ['!IsOpen__c', false],
    ['1 < 2 = TRUE', true],
    ['FALSE && TRUE || TRUE', true],
    ['Day__c >= DATE(2026,1,31)', true],
  ])('%s is %s', (text, expected) => expect(evaluate(text)).toBe(expected));
});

describe('functions', () => {
  it.each([
    ['IF(IsOpen__c, "yes", "no")', 'yes'],
    ['IF(NULL, "yes", "no")', 'no'],
    ['CASE(Status__c, "Held", "wait", "Cleared", "go", "?")', 'wait'],
    ['CASE(2, 1, "one", 2, "two", "many")', 'two'],
    ['BLANKVALUE(Empty__c, "none")', 'none'],
    ['TEXT(Status__c)', 'Held'],
    ['TEXT(12.50)', '12.5'],
    ['TEXT(Moment__c)', '2026-02-13 22:30:00Z'],
    ['VALUE("  7.25 ")', '7.25'],
    ['LEFT("abcdef", 2) & RIGHT("abcdef", 2) & MID("abcdef", 3, 2)', 'abefcd'],
    ['FIND("c", "abcabc", 4)', '6'],
    ['SUBSTITUTE("a-b-c", "-", "+")', 'a+b+c'],
    ['LPAD("7", 3, "0") & RPAD("ab", 4, "xy")', '007abxy'],
    ['INITCAP("ADA lovelace")', 'Ada Lovelace'],
    ['LEN(Empty__c)', '0'],
    ['CASESAFEID("001D000000IqhSL")', '001D000000IqhSLIAZ'],
    ['ROUND(2.345, 2)', '2.35'],
    ['ROUND(-1.5, 0)', '-2'],
    ['ROUND(1250, -2)', '1300'],
    ['TRUNC(-2.79, 1)', '-2.7'],
    ['CEILING(-2.1)', '-3'],
    ['MCEILING(-2.1)', '-2'],
    ['FLOOR(-2.9)', '-2'],
    ['MFLOOR(-2.1)', '-3'],
    ['MOD(-7, 3)', '2'],
    ['MAX(1, 3, 2) - MIN(4, 2)', '1'],
    ['SQRT(16)', '4'],
    ['ADDMONTHS(Day__c, 1)', '2026-02-28'],
    ['ADDMONTHS(DATE(2026,2,28), 1)', '2026-03-31'],
    ['TODAY()', '2026-02-14'],
    ['DATEVALUE(Moment__c)', '2026-02-14'],
    ['DATEVALUE("2026-03-01")', '2026-03-01'],
    ['YEAR(Day__c) * 10000 + MONTH(Day__c) * 100 + DAY(Day__c)', '20260131'],
    ['WEEKDAY(Day__c)', '7'],
    ['ISOWEEK(DATE(2027,1,1))', '53'],
    ['UNIXTIMESTAMP(DATETIMEVALUE("1970-01-02 00:00:00"))', '86400'],
    ['{!$Record.Title__c} & "." & $User.Id', 'cat.png.005000000000001AAA'],
    ['/* a comment */ Name', 'Ada'],
    ['"line\\nbreak \\"quoted\\""', 'line\nbreak "quoted"'],
  ])('%s is %s', (text, expected) => expect(evaluate(text)).toBe(expected));

  it.each([
    ['ISBLANK(Empty__c)', true],
    ['ISBLANK(NoStatus__c)', true],
    ['ISBLANK(NoAmount__c)', true],
    ['ISPICKVAL(Status__c, "Held")', true],
    ['ISPICKVAL(NoStatus__c, "")', true],
    ['ISPICKVAL(Item__r.RiskTier__c, "High")', true],
    ['INCLUDES(Kinds__c, "UserPhoto")', true],
    ['INCLUDES(Kinds__c, "Photo")', false],
    ['ISCHANGED(Status__c)', true],
    ['ISCHANGED(Name)', false],
    ['ISPICKVAL(PRIORVALUE(Status__c), "Verifying")', true],
    ['PRIORVALUE(Amount__c) = 10', true],
    ['ISNEW()', false],
    ['REGEX("123-45", "\\\\d{3}-\\\\d{2}")', true],
    ['REGEX("x123-45", "[0-9]{3}-[0-9]{2}")', false],
    ['REGEX("AbC", "(?i)abc")', true],
    ['AND(IsOpen__c, OR(FALSE, CONTAINS(Name, "d")), NOT(BEGINS(Name, "B")))', true],
    ['ISNUMBER("1e3")', true],
    ['ISNUMBER("12a")', false],
  ])('%s is %s', (text, expected) => expect(evaluate(text)).toBe(expected));

  it('take a new record as unchanged', () => {
    expect(evaluate('ISCHANGED(Status__c) || !ISNEW()', { isNew: true, prior: null })).toBe(false);
    expect(evaluate('PRIORVALUE(Amount__c)', { isNew: true, prior: null })).toBe('12.5');
  });
});

describe('refusals', () => {
  it.each([
    ['FOO(1)', 'formula function FOO is not supported'],
    ['VLOOKUP(Name, Name, "x")', 'formula function VLOOKUP is not supported'],
    ['IF(TRUE, 1)', 'IF takes 3 arguments, got 2'],
    ['CASE(1, 2, 3, 4, 5)', 'CASE needs a value, pairs'],
    ['Status__c = "Held"', 'ISPICKVAL'],
    ['"x" & Status__c', 'ISPICKVAL'],
    ['CONTAINS(Status__c, "H")', 'TEXT'],
    ['Missing__c', 'Missing__c: there is no such field'],
    ['Name > 1', 'cannot compare Text with Number'],
    ['Name * 2', '"*" does not take Text and Number'],
    ['1 / 0', 'division by zero'],
    ['LEFT(5, 1)', 'argument 1 of LEFT must be Text, got Number'],
    ['1 +', 'expected a value, found the end of the formula'],
    ['(1', 'expected ")", found the end'],
    ['1 2', 'expected an operator or the end, found 2'],
    ['Name # 1', 'unexpected "# 1"'],
    ['REGEX("a", "a++")', 'Java forms'],
    ['REGEX("a", "(")', 'cannot be read'],
    ['DATE(2026, 2, 30)', 'no date 2026-2-30'],
    ['VALUE("ten")', 'VALUE needs a number'],
  ])('%s: %s', (text, message) => expect(() => evaluate(text)).toThrow(message));

  it('name the file and the line', () => {
    expect(() => new Formula('AND(\n  TRUE,\n  NOPE()\n)', 'a/Rule.xml', 7)).toThrow(
      '(a/Rule.xml:9)',
    );
  });

  it('come before the formula is ever computed, also in a branch that is not taken', () => {
    expect(() => new Formula('IF(TRUE, 1, NOPE())', 'Rule.xml')).toThrow('NOPE');
  });

  it('keep ISCHANGED out of formulas that have no earlier image', () => {
    expect(() => evaluate('ISCHANGED(Name)', { prior: null, isNew: null })).toThrow(
      'no meaning outside a save',
    );
  });
});

it('lists what it refers to', () => {
  const formula = new Formula('IF(ISCHANGED(Status__c), $User.Id, Item__r.Name)', 'Rule.xml');
  expect(formula.references.map((path) => path.join('.'))).toEqual([
    'Status__c',
    '$User.Id',
    'Item__r.Name',
  ]);
  expect(formula.looksBack).toBe(true);
});
