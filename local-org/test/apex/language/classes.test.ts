import { engine, fakeTransaction, run } from '../support/fakes.js';
import { CompileFailure } from '../../../src/apex/compiler/errors.js';

describe('classes', () => {
  it('runs initialisers and constructors from the top of the hierarchy', () => {
    expect(
      run(
        'new Child(); System.debug(Base.log);',
        `public virtual class Base {
           public static List<String> log = new List<String>();
           private String first = note('base field');
           { log.add('base block'); }
           public Base(String name) { log.add('base ' + name); }
           protected String note(String text) { log.add(text); return text; }
         }`,
        `public class Child extends Base {
           private String second = note('child field');
           public Child() { this('chained'); Base.log.add('child done'); }
           public Child(String name) { super(name); Base.log.add('child ' + name); }
         }`,
      ),
    ).toEqual(['(base field, base block, base chained, child field, child chained, child done)']);
  });

  it('dispatches to the override and reaches the parent through super', () => {
    expect(
      run(
        'Shape s = new Circle(); System.debug(s.describe());',
        `public abstract class Shape {
           public virtual String describe() { return 'shape ' + name(); }
           protected abstract String name();
         }`,
        `public class Circle extends Shape {
           public override String describe() { return super.describe() + '!'; }
           protected override String name() { return 'circle'; }
         }`,
      ),
    ).toEqual(['shape circle!']);
  });

  it('chooses overloads by declared types', () => {
    expect(
      run(
        `Object o = 'x'; Decimal d = null;
         System.debug(Over.f(1) + Over.f(1L) + Over.f('s') + Over.f(d));
         System.debug(Over.f(o));`,
        `public class Over {
           public static String f(Integer x) { return 'I'; }
           public static String f(Long x) { return 'L'; }
           public static String f(Decimal x) { return 'D'; }
           public static String f(String x) { return 'S'; }
         }`,
      ),
    ).toEqual(['ILSD', 'S']);
  });

  it('reads and writes properties through their accessors', () => {
    expect(
      run(
        `Temp t = new Temp(); t.celsius = 100; System.debug(t.fahrenheit); System.debug(t.writes);`,
        `public class Temp {
           public Integer writes { get; private set; }
           public Decimal celsius { get; set { celsius = value; writes = (writes == null ? 0 : writes) + 1; } }
           public Decimal fahrenheit { get { return celsius * 9 / 5 + 32; } }
         }`,
      ),
    ).toEqual(['212', '1']);
  });

  it('keeps static variables for one transaction only', () => {
    const apex = engine('public class Count { public static Integer n = 0; }');
    const tx = fakeTransaction();
    apex.runAnonymous(tx, 'Count.n++;');
    expect(apex.runAnonymous(tx, 'System.debug(Count.n);')).toEqual(['1']);
    expect(apex.runAnonymous(fakeTransaction(), 'System.debug(Count.n);')).toEqual(['0']);
  });

  it('compares objects with their own equals and hashCode', () => {
    expect(
      run(
        `Set<Point> points = new Set<Point>{ new Point(1, 2), new Point(1, 2), new Point(2, 1) };
         System.debug(points.size()); System.debug(new Point(1, 2) == new Point(1, 2));`,
        `public class Point {
           private Integer x; private Integer y;
           public Point(Integer x, Integer y) { this.x = x; this.y = y; }
           public Boolean equals(Object other) {
             Point p = (Point) other; return p.x == x && p.y == y;
           }
           public Integer hashCode() { return 31 * x + y; }
         }`,
      ),
    ).toEqual(['2', 'true']);
  });

  it('sorts with Comparable and Comparator, and iterates with Iterable', () => {
    expect(
      run(
        `List<Item> items = new List<Item>{ new Item(3), new Item(1), new Item(2) };
         items.sort(); System.debug(items);
         items.sort(new Item.Down()); System.debug(items);
         for (Object i : new Bag()) { System.debug(i); }`,
        `public class Item implements Comparable {
           public Integer n;
           public Item(Integer n) { this.n = n; }
           public Integer compareTo(Object other) { return n - ((Item) other).n; }
           public override String toString() { return 'i' + n; }
           public class Down implements Comparator<Item> {
             public Integer compare(Item a, Item b) { return b.n - a.n; }
           }
         }`,
        `public class Bag implements Iterable<String> {
           public Iterator<String> iterator() { return new List<String>{ 'a', 'b' }.iterator(); }
         }`,
      ),
    ).toEqual(['(i1, i2, i3)', '(i3, i2, i1)', 'a', 'b']);
  });

  it('switches on enums, values and types', () => {
    expect(
      run(
        `for (Color c : Color.values()) { System.debug(Kind.of(c)); }
         System.debug(Kind.of(null)); System.debug(Color.valueOf('green').ordinal());`,
        'public enum Color { RED, GREEN, BLUE }',
        `public class Kind {
           public static String of(Object o) {
             switch on o {
               when Color c {
                 switch on c { when RED, GREEN { return 'warm ' + c.name(); } when else { return 'cold'; } }
               }
               when null { return 'none'; }
               when else { return 'other'; }
             }
           }
         }`,
      ),
    ).toEqual(['warm RED', 'warm GREEN', 'cold', 'none', '1']);
  });

  it('unwinds through catch and finally, with causes and stack traces', () => {
    expect(
      run(
        `try { Risk.outer(); } catch (Risk.Broken e) {
           System.debug(e.getMessage() + ' / ' + e.getCause().getTypeName() + ' / ' + e.getTypeName());
           System.debug(e.getStackTraceString().startsWith('Class.Risk.outer: line 4'));
         }
         System.debug(Risk.log);`,
        `public class Risk {
           public static List<String> log = new List<String>();
           public static void outer() {
             try { inner(); } catch (MathException m) { throw new Broken('wrapped', m); } finally { log.add('finally'); }
           }
           private static Integer inner() { try { return 1 / 0; } finally { log.add('inner'); } }
           public class Broken extends Exception {}
         }`,
      ),
    ).toEqual(['wrapped / System.MathException / Risk.Broken', 'true', '(inner, finally)']);
  });

  it('ends code that recurses or loops without end', () => {
    const endless = 'public class Deep { public static void go() { go(); } }';
    expect(() => run('Deep.go();', endless)).toThrow('Maximum stack depth reached');
    expect(() =>
      run('try { Deep.go(); } catch (Exception e) { System.debug(1); }', endless),
    ).toThrow('Maximum stack depth reached');
  });

  it('lets no catch block swallow a failed assertion', () => {
    expect(() =>
      run(
        `try { Assert.isTrue(false, 'seen'); } catch (Exception e) { System.debug('swallowed'); }`,
      ),
    ).toThrow(/Assertion Failed: seen/);
  });

  it('reports every compile error with its place', () => {
    const build = () =>
      engine(`public class Wrong {
        public void a() { nothing(); }
        public Integer b() { return 'text'; }
      }`);
    expect(build).toThrow(CompileFailure);
    expect(build).toThrow(
      /Wrong\.cls:2: Method does not exist[\s\S]*Wrong\.cls:3: Illegal assignment/,
    );
  });
});
