/** Main fields of the standard objects, and the children a record page lists. */
export const STANDARD_LAYOUTS: Readonly<
  Record<
    string,
    {
      readonly fields: readonly string[];
      readonly children: readonly string[];
      readonly path?: string;
    }
  >
> = {
  Account: {
    fields: [
      'Name',
      'Type',
      'Industry',
      'Phone',
      'Website',
      'AnnualRevenue',
      'NumberOfEmployees',
      'OwnerId',
      'Description',
    ],
    children: ['Contacts', 'Opportunities', 'Cases'],
  },
  Contact: {
    fields: [
      'FirstName',
      'LastName',
      'AccountId',
      'Title',
      'Email',
      'Phone',
      'MobilePhone',
      'OwnerId',
      'Description',
    ],
    children: ['Cases'],
  },
  Lead: {
    fields: [
      'FirstName',
      'LastName',
      'Company',
      'Title',
      'Email',
      'Phone',
      'Status',
      'LeadSource',
      'OwnerId',
      'Description',
    ],
    children: [],
    path: 'Status',
  },
  Opportunity: {
    fields: [
      'Name',
      'AccountId',
      'StageName',
      'CloseDate',
      'Amount',
      'Probability',
      'Type',
      'NextStep',
      'OwnerId',
      'Description',
    ],
    children: [],
    path: 'StageName',
  },
  Case: {
    fields: [
      'CaseNumber',
      'Subject',
      'Status',
      'Priority',
      'Origin',
      'AccountId',
      'ContactId',
      'OwnerId',
      'Description',
    ],
    children: [],
    path: 'Status',
  },
  User: { fields: ['Name', 'Username', 'Email', 'ProfileId', 'IsActive'], children: [] },
};
