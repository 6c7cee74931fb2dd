/** Source text to syntax tree. */
import {
  ApexErrorListener,
  ApexParserFactory,
  type AnonymousUnitContext,
  type ApexParser,
  type CompilationUnitContext,
  type TriggerUnitContext,
} from '@apexdevtools/apex-parser';
import type { CompileError } from './errors.js';

export interface SourceFile {
  readonly name: string;
  /** Shown in messages. */
  readonly path: string;
  readonly source: string;
}

class Collector extends ApexErrorListener {
  readonly errors: CompileError[] = [];

  constructor(private readonly file: string) {
    super();
  }

  override apexSyntaxError(line: number, _column: number, message: string): void {
    const short = message.replace(/ expecting \{.{200,}\}/s, '');
    this.errors.push({ file: this.file, line, message: short });
  }
}

interface Parsed<Tree> {
  readonly tree: Tree;
  readonly errors: readonly CompileError[];
}

function parse<Tree>(file: SourceFile, rule: (parser: ApexParser) => Tree): Parsed<Tree> {
  const collector = new Collector(file.path);
  const { parser } = ApexParserFactory.createLexerAndParser(file.source, collector);
  return { tree: rule(parser), errors: collector.errors };
}

export const parseClass = (file: SourceFile): Parsed<CompilationUnitContext> =>
  parse(file, (parser) => parser.compilationUnit());

export const parseTrigger = (file: SourceFile): Parsed<TriggerUnitContext> =>
  parse(file, (parser) => parser.triggerUnit());

export const parseAnonymous = (file: SourceFile): Parsed<AnonymousUnitContext> =>
  parse(file, (parser) => parser.anonymousUnit());
