/** Classes, interfaces and enums: first their names, then their members, last the bodies. */
import type {
  ClassDeclarationContext,
  EnumDeclarationContext,
  InterfaceDeclarationContext,
  ModifierContext,
  PropertyDeclarationContext,
  FieldDeclarationContext,
  FormalParametersContext,
  MemberDeclarationContext,
  TypeListContext,
} from '@apexdevtools/apex-parser';
import {
  ApexClass,
  ApexField,
  ApexMethod,
  NO_MODIFIERS,
  type Annotation,
  type Modifiers,
  type Parameter,
} from '../types/model.js';
import { VOID, type ApexType } from '../types/type.js';
import { EnumValue } from '../values/reference.js';
import { ClassBodies } from './bodies.js';
import { CompileProblem, lineOf } from './errors.js';
import type { CompileUnit } from './unit.js';

export type TypeNode =
  ClassDeclarationContext | InterfaceDeclarationContext | EnumDeclarationContext;

const VISIBILITY = new Set(['public', 'private', 'global', 'protected']);

export function modifiersOf(nodes: readonly ModifierContext[]): Modifiers {
  const words = new Set<string>();
  const annotations: Annotation[] = [];
  for (const node of nodes) {
    const annotation = node.annotation();
    if (annotation) {
      const parameters = new Map<string, string>();
      const plain = (text: string): string => text.replace(/^'(.*)'$/s, '$1');
      const single = annotation.elementValue();
      if (single) parameters.set('value', plain(single.getText()));
      for (const pair of annotation.elementValuePairs()?.elementValuePair_list() ?? []) {
        parameters.set(pair.id().getText().toLowerCase(), plain(pair.elementValue().getText()));
      }
      annotations.push({ name: annotation.id().getText().toLowerCase(), parameters });
    } else {
      const text = node.getText().toLowerCase();
      words.add(text.endsWith('sharing') ? text.replace('sharing', ' sharing') : text);
    }
  }
  return { words, annotations };
}

/** One class on its way through the passes. */
export class ClassDeclaration {
  readonly cls: ApexClass;
  readonly inner: ClassDeclaration[] = [];
  readonly bodies: ClassBodies;

  constructor(
    private readonly unit: CompileUnit,
    private readonly node: TypeNode,
    modifiers: Modifiers,
    file: string,
    outer: ApexClass | null,
  ) {
    const kind = 'CLASS' in node ? 'class' : 'INTERFACE' in node ? 'interface' : 'enum';
    this.cls = new ApexClass(node.id().getText(), kind, outer, modifiers, file, lineOf(node));
    this.bodies = new ClassBodies(unit, this.cls);
    for (const { member, modifiers: own } of this.members()) {
      const type =
        member.classDeclaration() ?? member.interfaceDeclaration() ?? member.enumDeclaration();
      if (!type) continue;
      const declaration = new ClassDeclaration(unit, type, own, file, this.cls);
      this.inner.push(declaration);
      this.cls.inner.set(declaration.cls.simpleName.toLowerCase(), declaration.cls);
    }
  }

  private *members(): Generator<{ member: MemberDeclarationContext; modifiers: Modifiers }> {
    if (!('classBody' in this.node)) return;
    for (const item of this.node.classBody().classBodyDeclaration_list()) {
      const member = item.memberDeclaration();
      if (member) yield { member, modifiers: modifiersOf(item.modifier_list()) };
    }
  }

  /** Second pass: superclass and interfaces, needed before any member is looked up. */
  linkTypes(): void {
    const { node, unit, cls } = this;
    if ('classBody' in node) {
      const parent = node.typeRef();
      if (parent) unit.attempt(() => this.linkSuperclass(unit.typeOf(parent, cls.outer ?? cls)));
      cls.interfaces = this.interfaceTypes(node.typeList());
    } else if ('interfaceBody' in node) {
      cls.interfaces = this.interfaceTypes(node.typeList());
    }
    for (const inner of this.inner) inner.linkTypes();
  }

  private linkSuperclass(type: ApexType): void {
    if (!type.declaration) {
      throw this.problem(
        `Superclass ${type.name} is not supported; only project classes and Exception can be extended`,
      );
    }
    this.cls.superclass = type.declaration;
  }

  private interfaceTypes(list: TypeListContext | null): ApexType[] {
    const types: ApexType[] = [];
    for (const ref of list?.typeRef_list() ?? []) {
      this.unit.attempt(() => types.push(this.unit.typeOf(ref, this.cls.outer ?? this.cls)));
    }
    return types;
  }

  private problem(message: string, line = this.cls.line): CompileProblem {
    return new CompileProblem({ file: this.cls.file, line, message });
  }

  /** Third pass: fields and methods. Superclasses first, since slots continue theirs. */
  private declared = false;

  declareMembers(all: ReadonlyMap<ApexClass, ClassDeclaration>): void {
    if (this.declared) return;
    this.declared = true;
    const { cls, node } = this;
    if (cls.superclass) {
      all.get(cls.superclass)?.declareMembers(all);
      cls.instanceSlots = cls.superclass.instanceSlots;
    }
    if ('enumConstants' in node) this.declareEnum(node);
    else if ('interfaceBody' in node) this.declareInterface(node);
    else this.declareClass(node);
    for (const inner of this.inner) inner.declareMembers(all);
  }

  private declareEnum(node: EnumDeclarationContext): void {
    for (const [i, id] of (node.enumConstants()?.id_list() ?? []).entries()) {
      this.cls.enumValues.push(new EnumValue(this.cls.type, id.getText(), i));
    }
  }

  private declareInterface(node: InterfaceDeclarationContext): void {
    for (const method of node.interfaceBody().interfaceMethodDeclaration_list()) {
      this.unit.attempt(() => {
        const ref = method.typeRef();
        const returns = ref ? this.unit.typeOf(ref, this.cls) : VOID;
        const parameters = this.parameters(method.formalParameters());
        this.addMethod(
          new ApexMethod(
            method.id().getText(),
            this.cls,
            parameters,
            returns,
            NO_MODIFIERS,
            lineOf(method),
          ),
        );
      });
    }
  }

  private declareClass(node: ClassDeclarationContext): void {
    for (const item of node.classBody().classBodyDeclaration_list()) {
      const block = item.block();
      if (block) this.bodies.addInitialiser(block, item.STATIC() !== null);
      const member = item.memberDeclaration();
      if (member)
        this.unit.attempt(() => this.declareMember(member, modifiersOf(item.modifier_list())));
    }
  }

  private declareMember(member: MemberDeclarationContext, modifiers: Modifiers): void {
    const method = member.methodDeclaration();
    if (method) {
      const ref = method.typeRef();
      const returns = ref ? this.unit.typeOf(ref, this.cls) : VOID;
      const parameters = this.parameters(method.formalParameters());
      const declared = new ApexMethod(
        method.id().getText(),
        this.cls,
        parameters,
        returns,
        modifiers,
        lineOf(method),
        method,
      );
      this.addMethod(declared);
      const block = method.block();
      if (block) this.bodies.addMethod(declared, block);
      return;
    }
    const constructor = member.constructorDeclaration();
    if (constructor) {
      const parameters = this.parameters(constructor.formalParameters());
      const declared = new ApexMethod(
        '<init>',
        this.cls,
        parameters,
        VOID,
        modifiers,
        lineOf(constructor),
        constructor,
      );
      this.cls.constructors.push(declared);
      this.bodies.addConstructor(declared, constructor.block());
      return;
    }
    if (member.fieldDeclaration()) this.declareFields(member.fieldDeclaration(), modifiers);
    else if (member.propertyDeclaration())
      this.declareProperty(member.propertyDeclaration(), modifiers);
  }

  private parameters(node: FormalParametersContext): Parameter[] {
    return (node.formalParameterList()?.formalParameter_list() ?? []).map((p) => ({
      name: p.id().getText(),
      type: this.unit.typeOf(p.typeRef(), this.cls),
    }));
  }

  private addMethod(method: ApexMethod): void {
    const key = method.name.toLowerCase();
    const known = this.cls.methods.get(key);
    if (known?.some((m) => m.signature === method.signature)) {
      throw this.problem(`Method already defined: ${method.signature}`, method.line);
    }
    if (known) known.push(method);
    else this.cls.methods.set(key, [method]);
  }

  private addField(name: string, type: ApexType, modifiers: Modifiers, line: number): ApexField {
    const { cls } = this;
    if (cls.fields.has(name.toLowerCase()))
      throw this.problem(`Field already defined: ${name}`, line);
    const slot = modifiers.words.has('static') ? cls.staticSlots++ : cls.instanceSlots++;
    const field = new ApexField(name, cls, type, modifiers, slot, line);
    cls.fields.set(name.toLowerCase(), field);
    return field;
  }

  private declareFields(node: FieldDeclarationContext, modifiers: Modifiers): void {
    const type = this.unit.typeOf(node.typeRef(), this.cls);
    for (const declarator of node.variableDeclarators().variableDeclarator_list()) {
      const field = this.addField(declarator.id().getText(), type, modifiers, lineOf(declarator));
      const value = declarator.expression();
      if (value) this.bodies.addFieldValue(field, value);
    }
  }

  private declareProperty(node: PropertyDeclarationContext, modifiers: Modifiers): void {
    const type = this.unit.typeOf(node.typeRef(), this.cls);
    const words = new Set(modifiers.words);
    for (const block of node.propertyBlock_list()) {
      const access = [...modifiersOf(block.modifier_list()).words].find((w) => VISIBILITY.has(w));
      if (block.setter() && access === 'private') words.add('private set');
    }
    const name = node.id().getText();
    const field = this.addField(name, type, { ...modifiers, words }, lineOf(node));
    for (const block of node.propertyBlock_list()) {
      const getter = block.getter()?.block();
      const setter = block.setter()?.block();
      if (getter) {
        field.getter = new ApexMethod(name, this.cls, [], type, modifiers, lineOf(block), block);
        this.bodies.addAccessor(field, field.getter, getter);
      }
      if (setter) {
        const value = [{ name: 'value', type }];
        field.setter = new ApexMethod(name, this.cls, value, VOID, modifiers, lineOf(block), block);
        this.bodies.addAccessor(field, field.setter, setter);
      }
    }
  }

  /** Last pass. */
  compileBodies(): void {
    this.bodies.compile();
    for (const inner of this.inner) inner.compileBodies();
  }

  *all(): Generator<ClassDeclaration> {
    yield this;
    for (const inner of this.inner) yield* inner.all();
  }
}
