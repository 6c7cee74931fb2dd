/** Compiles all classes and triggers of a project, or one anonymous block. */
import type { TriggerOperation } from '../../org/contracts.js';
import { UnsupportedError } from '../../org/contracts.js';
import { ApexClass, ApexMethod, NO_MODIFIERS, type Modifiers } from '../types/model.js';
import { VOID } from '../types/type.js';
import { CodeContext } from './context.js';
import { ClassDeclaration, modifiersOf } from './declarations.js';
import { CompileFailure, lineOf, type CompileError } from './errors.js';
import { parseAnonymous, parseClass, parseTrigger, type SourceFile } from './parse.js';
import { atLine, compileLocal, compileStatement, sequence } from './statements.js';
import type { CompileUnit } from './unit.js';

export interface ApexSources {
  readonly classes: readonly SourceFile[];
  readonly triggers: readonly SourceFile[];
}

/** Fills the unit's program; throws `CompileFailure` with every fault found. */
export function compileProject(unit: CompileUnit, sources: ApexSources): void {
  const declarations = sources.classes.flatMap((file) => declare(unit, file));
  for (const { cls } of declarations) unit.program.classes.set(cls.simpleName.toLowerCase(), cls);
  compileDeclarations(unit, declarations);
  for (const file of sources.triggers)
    unit.attempt(() => guarded(unit, () => compileTrigger(unit, file)));
  if (unit.errors.length) throw new CompileFailure(sorted(unit.errors));
}

function declare(unit: CompileUnit, file: SourceFile): ClassDeclaration[] {
  const { tree, errors } = parseClass(file);
  unit.errors.push(...errors);
  if (errors.length) return [];
  const node = tree.typeDeclaration();
  const type = node.classDeclaration() ?? node.interfaceDeclaration() ?? node.enumDeclaration();
  return [new ClassDeclaration(unit, type, modifiersOf(node.modifier_list()), file.path, null)];
}

function compileDeclarations(unit: CompileUnit, declarations: readonly ClassDeclaration[]): void {
  for (const declaration of declarations) declaration.linkTypes();
  const all = new Map<ApexClass, ClassDeclaration>();
  for (const top of declarations) for (const d of top.all()) all.set(d.cls, d);
  for (const declaration of declarations) declaration.declareMembers(all);
  for (const declaration of declarations) guarded(unit, () => declaration.compileBodies());
}

/** An unsupported construct is reported with the other faults. */
function guarded(unit: CompileUnit, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    unit.errors.push({ file: error.message, line: 0, message: '' });
  }
}

function sorted(errors: readonly CompileError[]): CompileError[] {
  return [...errors].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

function compileTrigger(unit: CompileUnit, file: SourceFile): void {
  const { tree, errors } = parseTrigger(file);
  if (errors.length) {
    unit.errors.push(...errors);
    return;
  }
  const [name, objectName] = tree.id_list().map((id) => id.getText());
  const object = unit.schema.object(objectName ?? '');
  if (!name || !object) {
    unit.errors.push({
      file: file.path,
      line: lineOf(tree),
      message: `Invalid object: ${objectName ?? ''}`,
    });
    return;
  }
  const marks: Modifiers = {
    words: new Set(),
    annotations: [{ name: 'trigger', parameters: new Map([['object', object.name]]) }],
  };
  const cls = new ApexClass(name, 'trigger', null, marks, file.path, lineOf(tree));
  const body = new ApexMethod(
    'trigger',
    cls,
    [],
    VOID,
    { words: new Set(['static']), annotations: [] },
    cls.line,
    tree,
  );
  const cx = new CodeContext(unit, cls, true, VOID);
  const steps = tree
    .triggerBlock()
    .triggerBlockMember_list()
    .map((member) => {
      const statement = member.statement();
      if (statement) return compileStatement(cx, statement);
      const variable = member.triggerMemberDeclaration()?.fieldDeclaration();
      if (variable) return atLine(cx, lineOf(variable), compileLocal(cx, variable));
      return cx.unsupported(member, 'Classes and methods inside a trigger');
    });
  body.run = sequence(steps);
  body.frameSize = cx.frameSize;
  const events = new Set(
    tree.triggerCase_list().map((event): `${'before' | 'after'} ${TriggerOperation}` => {
      const timing = event.BEFORE() ? 'before' : 'after';
      const operation = event.INSERT()
        ? 'insert'
        : event.UPDATE()
          ? 'update'
          : event.DELETE()
            ? 'delete'
            : 'undelete';
      return `${timing} ${operation}`;
    }),
  );
  unit.program.triggers.push({ declaration: cls, object: object.name, events, body });
}

/** A method that runs the block; its classes and methods are known to it alone. */
export function compileAnonymous(unit: CompileUnit, source: string): ApexMethod {
  const file: SourceFile = { name: 'AnonymousBlock', path: 'AnonymousBlock', source };
  const { tree, errors } = parseAnonymous(file);
  if (errors.length) throw new CompileFailure(errors);
  const cls = new ApexClass('AnonymousBlock', 'anonymous', null, NO_MODIFIERS, file.path, 1);
  const method = new ApexMethod(
    'execute',
    cls,
    [],
    VOID,
    { words: new Set(['static']), annotations: [] },
    1,
    tree,
  );
  const cx = new CodeContext(unit, cls, true, VOID);
  const steps: ReturnType<typeof compileStatement>[] = [];
  for (const member of tree.anonymousBlock().anonymousBlockMember_list()) {
    const statement = member.statement();
    const declared = member.anonymousMemberDeclaration();
    const variable = declared?.fieldDeclaration();
    const inner = declared?.classDeclaration();
    if (statement) unit.attempt(() => steps.push(compileStatement(cx, statement)));
    else if (variable) {
      unit.attempt(() => steps.push(atLine(cx, lineOf(variable), compileLocal(cx, variable))));
    } else if (inner) {
      const declaration = new ClassDeclaration(
        unit,
        inner,
        modifiersOf(member.modifier_list()),
        file.path,
        cls,
      );
      cls.inner.set(declaration.cls.simpleName.toLowerCase(), declaration.cls);
      compileDeclarations(unit, [declaration]);
    } else unit.attempt(() => cx.unsupported(member, 'Methods in anonymous Apex'));
  }
  if (unit.errors.length) throw new CompileFailure(sorted(unit.errors));
  method.run = sequence(steps);
  method.frameSize = cx.frameSize;
  return method;
}
