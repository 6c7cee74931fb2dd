/** The data layer of a whole org: rows with the platform's rights, file rules and answers. */
import type { Schema } from '../metadata/index.js';
import { OrgAccess } from './access/index.js';
import { createBehaviours } from './behaviours/index.js';
import { Database } from './database.js';
import type { FileAddress } from './files/content-version.js';
import { Store } from './store.js';
import { VirtualObjects } from './virtual-objects.js';

export class OrgDatabase extends Database {
  /** The same as {@link Database.access}, with the questions Apex and REST ask. */
  readonly orgAccess: OrgAccess;

  /** Where links to files lead; the shell sets its own address before files are saved. */
  readonly fileAddress: FileAddress;

  constructor(schema: Schema, store = new Store()) {
    const address: FileAddress = { baseUrl: 'https://mediaguard.my.salesforce.example' };
    const access = new OrgAccess(schema, store);
    super(
      schema,
      {
        access: () => access,
        behaviours: (database) => createBehaviours(database, address),
        virtualRows: () => new VirtualObjects(schema, store, access),
      },
      store,
    );
    this.orgAccess = access;
    this.fileAddress = address;
  }
}
