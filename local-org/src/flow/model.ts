/** A flow as the interpreter sees it: its elements by name, each with its place in the file. */

/** A value as a flow writes it: a literal, or a reference to a resource. */
export type FlowOperand =
  | { readonly kind: 'reference'; readonly path: readonly string[]; readonly place: string }
  | {
      readonly kind: 'literal';
      readonly type: 'string' | 'number' | 'boolean' | 'date' | 'dateTime' | 'time';
      readonly text: string;
      readonly place: string;
    }
  | {
      readonly kind: 'formula';
      readonly text: string;
      readonly line: number;
      readonly place: string;
    };

export interface FlowCondition {
  readonly left: readonly string[];
  readonly operator: string;
  readonly right: FlowOperand | null;
  readonly place: string;
}

/** Conditions joined by `and`, `or`, or an expression such as `1 AND (2 OR 3)`. */
export interface FlowConditions {
  readonly logic: string;
  readonly conditions: readonly FlowCondition[];
  /** A condition written as a formula instead; null when there is none. */
  readonly formula: { readonly text: string; readonly line: number } | null;
  readonly place: string;
}

export interface FlowFilter {
  readonly field: string;
  readonly operator: string;
  readonly value: FlowOperand | null;
  readonly place: string;
}

export interface FlowFilters {
  readonly logic: string;
  readonly filters: readonly FlowFilter[];
  readonly place: string;
}

export interface FieldInput {
  readonly name: string;
  readonly value: FlowOperand | null;
  readonly place: string;
}

export interface FieldOutput {
  readonly name: string;
  readonly target: readonly string[];
  readonly place: string;
}

interface ElementBase {
  readonly name: string;
  readonly place: string;
  /** The next element; null at an end. */
  readonly next: string | null;
  /** Where a failure leads; null when the element has no fault path. */
  readonly fault: string | null;
}

export interface AssignmentElement extends ElementBase {
  readonly kind: 'assignment';
  readonly items: readonly {
    readonly target: readonly string[];
    readonly operator: string;
    readonly value: FlowOperand | null;
    readonly place: string;
  }[];
}

export interface DecisionElement extends ElementBase {
  readonly kind: 'decision';
  readonly rules: readonly {
    readonly name: string;
    readonly when: FlowConditions;
    readonly requiresChange: boolean;
    readonly next: string | null;
    readonly place: string;
  }[];
}

export interface LoopElement extends ElementBase {
  readonly kind: 'loop';
  readonly collection: readonly string[];
  /** Variable that receives each item; null when the element itself does. */
  readonly item: readonly string[] | null;
  readonly isDescending: boolean;
  readonly each: string | null;
}

export interface LookupElement extends ElementBase {
  readonly kind: 'lookup';
  readonly object: string;
  readonly where: FlowFilters;
  readonly firstOnly: boolean;
  readonly limit: FlowOperand | null;
  readonly sortField: string | null;
  readonly isDescending: boolean;
  /** Empty for all fields. */
  readonly fields: readonly string[];
  /** Variable that receives the record(s); null when the element itself or single fields do. */
  readonly output: readonly string[] | null;
  readonly outputs: readonly FieldOutput[];
  readonly nullWhenNone: boolean;
}

export interface CreateElement extends ElementBase {
  readonly kind: 'create';
  readonly input: readonly string[] | null;
  readonly object: string | null;
  readonly assignments: readonly FieldInput[];
  readonly idTarget: readonly string[] | null;
}

export interface UpdateElement extends ElementBase {
  readonly kind: 'update';
  readonly input: readonly string[] | null;
  readonly object: string | null;
  readonly where: FlowFilters;
  readonly assignments: readonly FieldInput[];
}

export interface DeleteElement extends ElementBase {
  readonly kind: 'delete';
  readonly input: readonly string[] | null;
  readonly object: string | null;
  readonly where: FlowFilters;
}

export interface ActionElement extends ElementBase {
  readonly kind: 'action';
  readonly actionType: string;
  readonly actionName: string;
  readonly inputs: readonly FieldInput[];
  readonly outputs: readonly FieldOutput[];
}

export interface SubflowElement extends ElementBase {
  readonly kind: 'subflow';
  readonly flow: string;
  readonly inputs: readonly FieldInput[];
  readonly outputs: readonly FieldOutput[];
}

export interface CollectionElement extends ElementBase {
  readonly kind: 'collection';
  readonly isFilter: boolean;
  readonly collection: readonly string[];
  readonly item: string | null;
  readonly when: FlowConditions;
  readonly sort: readonly {
    readonly field: string | null;
    readonly isDescending: boolean;
    readonly nullsFirst: boolean;
  }[];
  readonly limit: number | null;
}

export interface CustomErrorElement extends ElementBase {
  readonly kind: 'customError';
  readonly messages: readonly { readonly text: string; readonly field: string | null }[];
}

export type FlowElement =
  | AssignmentElement
  | DecisionElement
  | LoopElement
  | LookupElement
  | CreateElement
  | UpdateElement
  | DeleteElement
  | ActionElement
  | SubflowElement
  | CollectionElement
  | CustomErrorElement;

export interface FlowVariable {
  readonly name: string;
  readonly dataType: string;
  readonly objectType: string | null;
  readonly isCollection: boolean;
  readonly isInput: boolean;
  readonly isOutput: boolean;
  readonly initial: FlowOperand | null;
  readonly place: string;
}

export interface FlowFormulaResource {
  readonly name: string;
  readonly text: string;
  readonly dataType: string;
  readonly line: number;
  readonly place: string;
}

export interface ScheduledPath {
  readonly name: string;
  readonly next: string | null;
  /** Null for a path at a time. */
  readonly type: string | null;
  readonly batchSize: number;
  readonly offset: number;
  readonly unit: string;
  /** Field the time is counted from; null for the save itself. */
  readonly timeField: string | null;
  readonly place: string;
}

export interface FlowStart {
  readonly object: string | null;
  readonly triggerType: string;
  readonly recordTriggerType: string | null;
  readonly when: FlowFilters;
  readonly formula: { readonly text: string; readonly line: number } | null;
  readonly requiresChange: boolean;
  readonly next: string | null;
  readonly paths: readonly ScheduledPath[];
  readonly schedule: {
    readonly date: string;
    readonly time: string;
    readonly frequency: string;
  } | null;
  readonly place: string;
}

export interface FlowDefinition {
  readonly name: string;
  readonly label: string;
  readonly file: string;
  readonly status: string;
  readonly processType: string;
  readonly runInMode: string;
  readonly triggerOrder: number | null;
  readonly start: FlowStart;
  readonly elements: ReadonlyMap<string, FlowElement>;
  readonly variables: readonly FlowVariable[];
  readonly constants: ReadonlyMap<string, FlowOperand | null>;
  readonly formulas: ReadonlyMap<string, FlowFormulaResource>;
  readonly templates: ReadonlyMap<string, { readonly text: string; readonly place: string }>;
}
