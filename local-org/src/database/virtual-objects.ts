/** Objects whose rows are answers, not data: what a user may do with a record, and which objects the org has. */
import type { ObjectDescribe, Schema } from '../metadata/index.js';
import type { Transaction } from '../org/contracts.js';
import type { VirtualRows } from '../soql/row-source.js';
import type { QueryRun } from '../soql/run.js';
import type { FieldValue } from '../values/values.js';
import type { OrgAccess } from './access/index.js';
import { toId18 } from './ids.js';
import type { Store } from './store.js';
import type { Row } from './table.js';

type Wanted = (field: string) => readonly unknown[] | null;

export class VirtualObjects implements VirtualRows {
  constructor(
    private readonly schema: Schema,
    private readonly store: Store,
    private readonly access: OrgAccess,
  ) {}

  rows(run: QueryRun, object: ObjectDescribe, wanted: Wanted): Iterable<Row> | null {
    if (object.name === 'UserRecordAccess') return this.userRecordAccess(run, wanted);
    if (object.name === 'EntityDefinition') return this.entityDefinitions();
    return null;
  }

  /** One row for each asked user and record; the query must name both, as on the platform. */
  private userRecordAccess(run: QueryRun, wanted: Wanted): Row[] {
    const users = wanted('UserId') ?? [];
    const records = wanted('RecordId') ?? [];
    return users.flatMap((user) =>
      records.flatMap((id) => {
        const recordId = toId18(String(id));
        const object = recordId === null ? undefined : this.schema.objectOfId(recordId);
        const row = object && recordId !== null ? this.store.get(object.name, recordId) : undefined;
        if (!object || !row || recordId === null) return [];
        // The rights of the asked user, not of the running one.
        const asUser = Object.create(run.tx, {
          userId: { value: String(user) },
        }) as Transaction;
        const read =
          this.access.objectRight(asUser, object.name, 'read') &&
          this.access.recordRight(asUser, object, row, 'read');
        const edit =
          read &&
          this.access.objectRight(asUser, object.name, 'edit') &&
          this.access.recordRight(asUser, object, row, 'edit');
        const remove =
          read &&
          this.access.objectRight(asUser, object.name, 'delete') &&
          this.access.recordRight(asUser, object, row, 'delete');
        const values: [string, FieldValue][] = [
          ['UserId', String(user)],
          ['RecordId', recordId],
          ['HasReadAccess', read],
          ['HasEditAccess', edit],
          ['HasDeleteAccess', remove],
          ['HasTransferAccess', remove],
          ['HasAllAccess', remove],
          ['MaxAccessLevel', remove ? 'All' : edit ? 'Edit' : read ? 'Read' : 'None'],
        ];
        return [new Map(values)];
      }),
    );
  }

  private *entityDefinitions(): Iterable<Row> {
    for (const object of this.schema.objects()) {
      yield new Map<string, FieldValue>([
        ['QualifiedApiName', this.schema.qualifiedName(object.name)],
        ['DeveloperName', object.name.replace(/__\w+$/, '')],
        ['Label', object.label],
        ['MasterLabel', object.label],
        ['PluralLabel', object.labelPlural],
        ['DurableId', object.name],
        ['KeyPrefix', object.keyPrefix],
        ['IsQueryable', object.queryable],
      ]);
    }
  }
}
