/** Pattern and Matcher. */
import { throwApex } from '../run/exceptions.js';
import { NativeObject, type Value } from '../values/reference.js';
import { instance } from './call.js';
import { javaPattern, javaReplacement } from './java-pattern.js';
import { defineType } from './registry.js';

class PatternValue extends NativeObject {
  readonly text: string;

  constructor(readonly source: string) {
    super('Pattern');
    javaPattern(source);
    this.text = source;
  }
}

class MatcherValue extends NativeObject {
  private from = 0;
  match: RegExpExecArray | null = null;

  constructor(
    readonly pattern: PatternValue,
    public input: string,
  ) {
    super('Matcher');
  }

  reset(input = this.input): this {
    this.input = input;
    this.from = 0;
    this.match = null;
    return this;
  }

  find(): boolean {
    const regex = javaPattern(this.pattern.source, 'gd');
    regex.lastIndex = this.from;
    this.match = this.from > this.input.length ? null : regex.exec(this.input);
    if (this.match) this.from = regex.lastIndex + (this.match[0] === '' ? 1 : 0);
    return this.match !== null;
  }

  anchored(whole: boolean): boolean {
    const source = `^(?:${javaPattern(this.pattern.source).source})${whole ? '$' : ''}`;
    this.match = new RegExp(source, `${javaPattern(this.pattern.source).flags}d`).exec(this.input);
    if (this.match) this.from = this.match[0].length;
    return this.match !== null;
  }

  group(i: number): RegExpExecArray {
    if (!this.match) throwApex('StringException', 'No match found');
    if (i < 0 || i >= this.match.length) throwApex('StringException', `No group ${i}`);
    return this.match;
  }
}

defineType<PatternValue>({
  name: 'Pattern',
  self: instance(PatternValue, 'Pattern'),
  statics: {
    'Pattern compile(String pattern)': (c) => new PatternValue(c.text(0)),
    'Boolean matches(String pattern, String input)': (c) =>
      new MatcherValue(new PatternValue(c.text(0)), c.text(1)).anchored(true),
    'String quote(String text)': (c) => `\\Q${c.text(0)}\\E`,
  },
  methods: {
    'Matcher matcher(String input)': (self, c) => new MatcherValue(self, c.text(0)),
    'String pattern()': (self) => self.source,
  },
});

const position = (self: MatcherValue, i: number, end: 0 | 1): Value =>
  self.group(i).indices?.[i]?.[end] ?? -1;

defineType<MatcherValue>({
  name: 'Matcher',
  self: instance(MatcherValue, 'Matcher'),
  methods: {
    'Boolean find()': (self) => self.find(),
    'Boolean matches()': (self) => self.anchored(true),
    'Boolean lookingAt()': (self) => self.anchored(false),
    'String group(Integer index?)': (self, c) => {
      const index = c.count ? c.integer(0) : 0;
      return self.group(index)[index] ?? null;
    },
    'Integer groupCount()': (self) =>
      (new RegExp(`${javaPattern(self.pattern.source).source}|`).exec('')?.length ?? 1) - 1,
    'Integer start(Integer group?)': (self, c) => position(self, c.count ? c.integer(0) : 0, 0),
    'Integer end(Integer group?)': (self, c) => position(self, c.count ? c.integer(0) : 0, 1),
    'Boolean hitEnd()': (self) => self.match === null,
    'Matcher reset(String input?)': (self, c) => self.reset(c.count ? c.text(0) : self.input),
    'String replaceAll(String replacement)': (self, c) =>
      self.input.replace(javaPattern(self.pattern.source, 'g'), javaReplacement(c.text(0))),
    'String replaceFirst(String replacement)': (self, c) =>
      self.input.replace(javaPattern(self.pattern.source), javaReplacement(c.text(0))),
    'Pattern pattern()': (self) => self.pattern,
  },
});
