import { evaluate, run } from '../support/fakes.js';

describe('expressions', () => {
  it.each([
    ['7 / 2', '3'],
    ['-7 / 2', '-3'],
    ['7.0 / 2', '3.5'],
    ['1.50 + 1', '2.50'],
    ['1.0 / 3', '0.333333333333333333333333333333333'],
    ['2147483647 + 1', '-2147483648'],
    ['2147483647L + 1', '2147483648'],
    ['10 * 1.5d', '15.0'],
    ["'a' + 1 + null", 'a1null'],
    ["1 + 2 + 'x'", '3x'],
    ["'abc' == 'ABC'", 'true'],
    ["'abc' === 'ABC'", 'false'],
    ["'abc'.equals('ABC')", 'false'],
    ['1 == 1.0', 'true'],
    ['5 > 3 && !(2 >= 3)', 'true'],
    ['true ? 1 : 2.5', '1'],
    ["null ?? 'fallback'", 'fallback'],
    ["'x' != null", 'true'],
    ['6 & 3', '2'],
    ['6 | 3', '7'],
    ['6 ^ 3', '5'],
    ['1 << 4', '16'],
    ['-16 >> 2', '-4'],
    ['-1 >>> 28', '15'],
    ['true ^ false', 'true'],
    ['(Integer) 3.99', '3'],
    ['(Long) 5', '5'],
    ["'quote \\' tab\\t u\\u0041'", "quote ' tab\t uA"],
    ['new List<Integer>{ 3, 1, 2 }', '(3, 1, 2)'],
    ["new Map<String, Integer>{ 'a' => 1 }", '{a=1}'],
    ["new Set<String>{ 'a', 'a', 'A' }", '{a, A}'],
    ['new Integer[]{ 1, 2 }[1]', '2'],
    ['new String[3].size()', '3'],
    ['String.class.getName()', 'String'],
    ['Math.mod(-7, 3)', '-1'],
    ['System.Label.Greeting', 'Hello'],
    ['5 instanceof Integer', 'true'],
    ["((Object) 'x') instanceof Integer", 'false'],
    ['Date.newInstance(2026, 2, 28) + 1', '2026-03-01'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  it('evaluates receivers and indexes of compound assignments once', () => {
    expect(
      run(
        `Counter.items[Counter.next()] += 5;
         System.debug(Counter.items);
         System.debug(Counter.calls);`,
        `class Counter {
           static Integer calls = 0;
           static List<Integer> items = new List<Integer>{ 1, 2, 3 };
           static Integer next() { calls++; return 1; }
         }`,
      ),
    ).toEqual(['(1, 7, 3)', '1']);
  });

  it.each([
    ['String s = null; System.debug(s.length());', 'NullPointerException'],
    ['Integer i = null; System.debug(i + 1);', 'NullPointerException'],
    ['Boolean b = null; if (b) { System.debug(1); }', 'NullPointerException'],
    ['System.debug(1 / 0);', 'MathException: Divide by 0'],
    ['System.debug(new List<Integer>{ 1 }[1]);', 'ListException: List index out of bounds: 1'],
    [
      "Object o = 'x'; Integer i = (Integer) o;",
      'TypeException: Invalid conversion from runtime type String to Integer',
    ],
    ["Id i = 'nope';", 'StringException: Invalid id: nope'],
    ["Integer.valueOf('12a');", 'TypeException: Invalid integer: 12a'],
  ])('%s throws %s', (block, message) => {
    expect(() => run(block)).toThrow(message);
  });

  it('skips the rest of a safe navigation on null', () => {
    expect(run('String s = null; System.debug(s?.trim()?.length());')).toEqual(['null']);
  });

  it.each([
    ['Integer i = 1.5;', 'Illegal assignment from Decimal to Integer'],
    ['System.debug(nothing);', 'Variable does not exist: nothing'],
    ["Boolean b = 'x';", 'Illegal assignment from String to Boolean'],
    ['Integer i; Integer i;', 'Duplicate variable: i'],
    ["'x'.foo();", 'String.foo() is not supported by the local org (AnonymousBlock:1)'],
    ['Nowhere n;', 'Invalid type: Nowhere'],
    ['if (1 == ) {}', "mismatched input ')'"],
    ['Integer n = true - 1;', 'Arithmetic expressions must use numeric arguments'],
  ])('refuses %s', (block, message) => {
    expect(() => run(block)).toThrow(message);
  });
});
