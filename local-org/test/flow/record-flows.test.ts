import { showInText } from '../../src/flow/values.js';
import { ApexDatetime, Decimal } from '../../src/values/values.js';
import { removeProjects } from '../database/harness.js';
import { benchWith, make, START, ref, start, text, to } from './bench.js';

afterAll(removeProjects);

const assign = (name: string, target: string, value: string, more = '', operator = 'Assign') =>
  `<assignments><name>${name}</name><assignmentItems><assignToReference>${target}</assignToReference>` +
  `<operator>${operator}</operator><value>${value}</value></assignmentItems>${more}</assignments>`;
const filter = (field: string, operator: string, value: string): string =>
  `<filters><field>${field}</field><operator>${operator}</operator><value>${value}</value></filters>`;
const TRUE = '<booleanValue>true</booleanValue>';

describe('before the save', () => {
  it('sets fields of the record without another save', () => {
    const bench = benchWith({
      Stamp:
        start('RecordBeforeSave', 'Create', 'Set') +
        assign('Set', '$Record.Status__c', text('{!$Record.Name} seen')),
    });
    bench.insert('Thing__c', { Name: 'a' }, { Name: 'b' });
    expect(bench.used('dmlStatements')).toBe(1);
    const rows = bench.query('SELECT Status__c FROM Thing__c ORDER BY Name');
    expect(rows.map((row) => row.get('Status__c'))).toEqual(['a seen', 'b seen']);
  });

  it.each([
    ['false', '', []],
    ['true', '<fieldSelection>Status__c</fieldSelection>', ['Status__c']],
  ])('blocks the save with a custom error (field error %s)', (isField, selection, fields) => {
    const bench = benchWith({
      Gate:
        start(
          'RecordBeforeSave',
          'CreateAndUpdate',
          'Refuse',
          filter('Status__c', 'EqualTo', text('bad')),
        ) +
        `<customErrors><name>Refuse</name><customErrorMessages><errorMessage>{!$Record.Name} is refused</errorMessage>${selection}` +
        `<isFieldError>${isField}</isFieldError></customErrorMessages></customErrors>`,
    });
    let failure: unknown;
    try {
      bench.insert('Thing__c', { Name: 'x', Status__c: 'bad' });
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({
      failures: [
        {
          errors: [
            { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'x is refused', fields },
          ],
        },
      ],
    });
    bench.insert('Thing__c', { Name: 'y', Status__c: 'good' });
    expect(bench.query('SELECT Id FROM Thing__c')).toHaveLength(1);
  });

  it('refuses elements that the platform keeps for after the save, with name and line', () => {
    const bench = benchWith({
      Wrong:
        start('RecordBeforeSave', 'Create', 'Make') +
        '\n<recordCreates><name>Make</name><object>Thing__c</object></recordCreates>',
    });
    expect(() => bench.insert('Thing__c', { Name: 'x' })).toThrow(
      /create element Make in a flow that runs before the save .*Wrong\.flow-meta\.xml:8/,
    );
  });
});

describe('entry', () => {
  const counted = (entry: string, when = 'CreateAndUpdate') =>
    benchWith({
      Count:
        start('RecordBeforeSave', when, 'Add', entry) +
        assign('Add', '$Record.Amount__c', '<numberValue>1</numberValue>', '', 'Add'),
    });
  const amount = (bench: ReturnType<typeof counted>): string =>
    showInText(bench.query('SELECT Amount__c FROM Thing__c')[0]?.get('Amount__c') ?? 'none');

  it.each([
    ['EqualTo', filter('Status__c', 'EqualTo', text('on')), '2'],
    ['IsChanged', filter('Status__c', 'IsChanged', TRUE), '1'],
    [
      'only when it becomes true',
      filter('Status__c', 'EqualTo', text('on')) +
        '<doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria>',
      '1',
    ],
    [
      'a formula',
      '<filterFormula>ISCHANGED({!$Record.Status__c}) &amp;&amp; {!$Record.Status__c} = "on"</filterFormula>',
      '1',
    ],
    [
      'custom logic',
      filter('Status__c', 'EqualTo', text('never')) +
        filter('Name', 'StartsWith', text('t')) +
        filter('Status__c', 'IsNull', '<booleanValue>false</booleanValue>') +
        '<filterLogic>1 OR (2 AND 3)</filterLogic>',
      '2',
    ],
  ])('%s', (_name, entry, expected) => {
    const bench = counted(entry);
    const [id] = bench.insert('Thing__c', { Name: 'thing' });
    bench.update('Thing__c', id!, { Status__c: 'on' });
    bench.update('Thing__c', id!, { Name: 'thing again' });
    expect(amount(bench)).toBe(expected);
  });

  it('follows the kind of save and the trigger order', () => {
    const bench = benchWith({
      A_second:
        '<triggerOrder>20</triggerOrder>' +
        start('RecordBeforeSave', 'Create', 'Set') +
        assign('Set', '$Record.Status__c', text('2'), '', 'Add'),
      B_first:
        '<triggerOrder>10</triggerOrder>' +
        start('RecordBeforeSave', 'Create', 'Set') +
        assign('Set', '$Record.Status__c', text('1'), '', 'Add'),
      C_third:
        start('RecordBeforeSave', 'Create', 'Set') +
        assign('Set', '$Record.Status__c', text('3'), '', 'Add'),
      D_never:
        start('RecordBeforeSave', 'Update', 'Set') +
        assign('Set', '$Record.Status__c', text('4'), '', 'Add'),
    });
    bench.insert('Thing__c', { Name: 'x' });
    expect(bench.query('SELECT Status__c FROM Thing__c')[0]?.get('Status__c')).toBe('123');
  });
});

describe('after the save', () => {
  const LOOKUP =
    `<recordLookups><name>Get_Parent</name>${to('connector', 'Make')}<filterLogic>and</filterLogic>` +
    filter('Name', 'EqualTo', ref('$Record.Status__c')) +
    '<getFirstRecordOnly>true</getFirstRecordOnly><object>Thing__c</object><queriedFields>Id</queriedFields>' +
    '<storeOutputAutomatically>true</storeOutputAutomatically></recordLookups>';
  const CREATE =
    '<recordCreates><name>Make</name><object>Thing__c</object>' +
    `<inputAssignments><field>Name</field><value>${text('child of {!$Record.Name}')}</value></inputAssignments>` +
    `<inputAssignments><field>Parent__c</field><value>${ref('Get_Parent.Id')}</value></inputAssignments></recordCreates>`;

  it('queries once and saves once for a whole chunk, and deals the rows out', () => {
    const bench = benchWith({
      Child:
        start(
          'RecordAfterSave',
          'Create',
          'Get_Parent',
          filter('Amount__c', 'GreaterThan', '<numberValue>0</numberValue>'),
        ) +
        LOOKUP +
        CREATE,
    });
    bench.insert('Thing__c', { Name: 'p1' }, { Name: 'p2' });
    const rows = Array.from({ length: 150 }, (_each, index) => ({
      Name: `n${index}`,
      Amount__c: new Decimal(1),
      Status__c: index % 3 === 0 ? 'P1' : index % 3 === 1 ? 'p2' : 'none',
    }));
    bench.insert('Thing__c', ...rows);
    expect(bench.used('queries')).toBe(1);
    expect(bench.used('dmlStatements')).toBe(2);
    const count = (name: string): number =>
      bench.query(`SELECT Id FROM Thing__c WHERE Parent__r.Name = '${name}'`).length;
    expect([count('p1'), count('p2')]).toEqual([50, 50]);
    expect(bench.query("SELECT Id FROM Thing__c WHERE Name LIKE 'child of%'")).toHaveLength(150);
  });

  it('takes the fault path only for the record whose save failed', () => {
    const bench = benchWith({
      Gate:
        start(
          'RecordBeforeSave',
          'Create',
          'Refuse',
          filter('Name', 'EqualTo', text('copy of b')),
        ) +
        '<customErrors><name>Refuse</name><customErrorMessages><errorMessage>no b</errorMessage><isFieldError>false</isFieldError></customErrorMessages></customErrors>',
      Copy:
        start('RecordAfterSave', 'Create', 'Make', filter('Status__c', 'EqualTo', text('source'))) +
        `<recordCreates><name>Make</name>${to('faultConnector', 'Note')}<object>Thing__c</object>` +
        `<inputAssignments><field>Name</field><value>${text('copy of {!$Record.Name}')}</value></inputAssignments></recordCreates>` +
        `<recordUpdates><name>Note</name><filterLogic>and</filterLogic>${filter('Id', 'EqualTo', ref('$Record.Id'))}` +
        `<inputAssignments><field>Status__c</field><value>${text('failed: {!$Flow.FaultMessage}')}</value></inputAssignments><object>Thing__c</object></recordUpdates>`,
    });
    bench.insert(
      'Thing__c',
      { Name: 'a', Status__c: 'source' },
      { Name: 'b', Status__c: 'source' },
    );
    expect(
      bench
        .query("SELECT Name FROM Thing__c WHERE Name LIKE 'copy%'")
        .map((row) => row.get('Name')),
    ).toEqual(['copy of a']);
    expect(
      bench.query("SELECT Status__c FROM Thing__c WHERE Name = 'b'")[0]?.get('Status__c'),
    ).toBe('failed: FIELD_CUSTOM_VALIDATION_EXCEPTION: no b');
  });

  it('refuses the save when an element fails without a fault path, naming flow, element and line', () => {
    const bench = benchWith({
      Broken:
        start('RecordAfterSave', 'Create', 'Make') +
        '\n<recordCreates><name>Make</name><object>Thing__c</object>' +
        `<inputAssignments><field>Nope__c</field><value>${text('x')}</value></inputAssignments></recordCreates>`,
    });
    expect(() => bench.insert('Thing__c', { Name: 'x' })).toThrow(
      /CANNOT_EXECUTE_FLOW_TRIGGER.*Broken, Make \(.*Broken\.flow-meta\.xml:8\).*Nope__c/,
    );
  });

  it('loops, decides, collects, filters, sorts and saves the collection at once', () => {
    const bench = benchWith({
      Close:
        start('RecordAfterSave', 'Update', 'Get', filter('Status__c', 'EqualTo', text('close'))) +
        `<recordLookups><name>Get</name>${to('connector', 'Each')}<filterLogic>and</filterLogic>${filter('Parent__c', 'EqualTo', ref('$Record.Id'))}` +
        '<getFirstRecordOnly>false</getFirstRecordOnly><object>Thing__c</object><storeOutputAutomatically>true</storeOutputAutomatically></recordLookups>' +
        `<loops><name>Each</name><collectionReference>Get</collectionReference><iterationOrder>Asc</iterationOrder>${to('nextValueConnector', 'Is_Open')}${to('noMoreValuesConnector', 'Save')}</loops>` +
        `<decisions><name>Is_Open</name>${to('defaultConnector', 'Each')}<rules><name>Open</name><conditionLogic>1 AND NOT (2)</conditionLogic>` +
        `<conditions><leftValueReference>Each.IsOpen__c</leftValueReference><operator>EqualTo</operator><rightValue>${TRUE}</rightValue></conditions>` +
        `<conditions><leftValueReference>Each.Amount__c</leftValueReference><operator>GreaterThan</operator><rightValue><numberValue>10</numberValue></rightValue></conditions>${to('connector', 'Mark')}</rules></decisions>` +
        `<assignments><name>Mark</name><assignmentItems><assignToReference>Each.Status__c</assignToReference><operator>Assign</operator><value>${text('closed')}</value></assignmentItems>` +
        `<assignmentItems><assignToReference>closed</assignToReference><operator>Add</operator><value>${ref('Each')}</value></assignmentItems>${to('connector', 'Each')}</assignments>` +
        '<recordUpdates><name>Save</name><inputReference>closed</inputReference></recordUpdates>' +
        '<variables><name>closed</name><dataType>SObject</dataType><isCollection>true</isCollection><isInput>false</isInput><isOutput>false</isOutput><objectType>Thing__c</objectType></variables>',
    });
    const [parent] = bench.insert('Thing__c', { Name: 'parent' });
    bench.insert(
      'Thing__c',
      { Name: 'open', IsOpen__c: true, Amount__c: new Decimal(5), Parent__c: parent! },
      { Name: 'rich', IsOpen__c: true, Amount__c: new Decimal(50), Parent__c: parent! },
      { Name: 'shut', IsOpen__c: false, Parent__c: parent! },
    );
    bench.update('Thing__c', parent!, { Status__c: 'close' });
    expect(bench.used('dmlStatements')).toBe(2);
    const closed = bench.query("SELECT Name FROM Thing__c WHERE Status__c = 'closed'");
    expect(closed.map((row) => row.get('Name'))).toEqual(['open']);
  });
});

describe('Apex actions', () => {
  const CALL =
    '<actionCalls><name>Ask</name><actionName>Judge</actionName><actionType>apex</actionType>' +
    `${to('connector', 'Keep')}${to('faultConnector', 'Note')}<inputParameters><name>title</name><value>${ref('$Record.Name')}</value></inputParameters>` +
    '<storeOutputAutomatically>true</storeOutputAutomatically></actionCalls>';
  const save = (name: string, value: string): string =>
    `<recordUpdates><name>${name}</name><filterLogic>and</filterLogic>${filter('Id', 'EqualTo', ref('$Record.Id'))}` +
    `<inputAssignments><field>Status__c</field><value>${value}</value></inputAssignments><object>Thing__c</object></recordUpdates>`;

  it('are called once for all records, and their outputs come back in order', () => {
    const bench = benchWith({
      Call:
        start('RecordAfterSave', 'Create', 'Ask') +
        CALL +
        save('Keep', ref('Ask.verdict')) +
        save('Note', text('broken')),
    });
    bench.actions.set('Judge', {
      inputs: ['title'],
      outputs: ['verdict'],
      run: (inputs) =>
        inputs.map((each) => new Map([['verdict', `${showInText(each.get('title') ?? null)}!`]])),
    });
    bench.insert('Thing__c', { Name: 'a' }, { Name: 'b' });
    expect(bench.calls).toHaveLength(1);
    expect(
      bench
        .query('SELECT Status__c FROM Thing__c ORDER BY Name')
        .map((row) => row.get('Status__c')),
    ).toEqual(['a!', 'b!']);
  });

  it('lead to the fault path when they throw, and are refused when they do not exist', () => {
    const bench = benchWith({
      Call:
        start('RecordAfterSave', 'Create', 'Ask') +
        CALL +
        save('Keep', text('ok')) +
        save('Note', text('{!$Flow.FaultMessage}')),
    });
    expect(() => bench.insert('Thing__c', { Name: 'a' })).toThrow('Apex action Judge');
    bench.actions.set('Judge', {
      inputs: ['title'],
      outputs: [],
      run: () => {
        throw new Error('the service is down');
      },
    });
    bench.insert('Thing__c', { Name: 'b' });
    expect(bench.query('SELECT Status__c FROM Thing__c')[0]?.get('Status__c')).toBe(
      'the service is down',
    );
  });
});

describe('paths after the commit', () => {
  const path = (more: string): string =>
    `<scheduledPaths><name>Later</name>${to('connector', 'Mark')}${more}</scheduledPaths>`;
  const MARK =
    `<recordUpdates><name>Mark</name><filterLogic>and</filterLogic>${filter('Id', 'EqualTo', ref('$Record.Id'))}` +
    `<inputAssignments><field>Status__c</field><value>${text('marked')}</value></inputAssignments><object>Thing__c</object></recordUpdates>`;
  const marked = (bench: ReturnType<typeof benchWith>): number =>
    bench.query("SELECT Id FROM Thing__c WHERE Status__c = 'marked'").length;

  it('run asynchronously in their own transaction', () => {
    const bench = benchWith({
      Async:
        start('RecordAfterSave', 'Create', '', path('<pathType>AsyncAfterCommit</pathType>')) +
        MARK,
    });
    bench.insert('Thing__c', { Name: 'a' }, { Name: 'b' });
    expect(marked(bench)).toBe(0);
    expect(bench.platform.pump.runDue()).toBe(1);
    expect(marked(bench)).toBe(2);
  });

  it.each([
    [
      'after the save',
      '<offsetNumber>2</offsetNumber><offsetUnit>Hours</offsetUnit><timeSource>RecordTriggerEvent</timeSource>',
      2,
    ],
    [
      'counted from a field',
      '<offsetNumber>-1</offsetNumber><offsetUnit>Days</offsetUnit><recordField>Due__c</recordField><timeSource>RecordField</timeSource>',
      24,
    ],
  ])('run at their time, %s, if the record still meets the conditions', (_name, xml, hours) => {
    const bench = benchWith({
      Timed:
        start('RecordAfterSave', 'Create', '', filter('IsOpen__c', 'EqualTo', TRUE) + path(xml)) +
        MARK,
    });
    const due = new ApexDatetime(START + 48 * 3_600_000);
    const [, second] = bench.insert(
      'Thing__c',
      { Name: 'stays', IsOpen__c: true, Due__c: due },
      { Name: 'leaves', IsOpen__c: true, Due__c: due },
      { Name: 'never', Due__c: due },
    );
    bench.update('Thing__c', second!, { IsOpen__c: false });
    bench.platform.pump.runAhead(hours * 3_600_000 - 1000);
    expect(marked(bench)).toBe(0);
    bench.platform.pump.runAhead(1000);
    expect(marked(bench)).toBe(1);
    expect(bench.failures).toEqual([]);
  });
});

it('runs before a delete and can refuse it', () => {
  const bench = benchWith({
    Keep:
      start('RecordBeforeDelete', 'Delete', 'Refuse', filter('IsOpen__c', 'EqualTo', TRUE)) +
      '<customErrors><name>Refuse</name><customErrorMessages><errorMessage>still open</errorMessage><isFieldError>false</isFieldError></customErrorMessages></customErrors>',
  });
  const [open, shut] = bench.insert(
    'Thing__c',
    { Name: 'open', IsOpen__c: true },
    { Name: 'shut' },
  );
  const remove = (id: string): void =>
    bench.run((tx) => {
      tx.org.dml.save(tx, 'delete', [make('Thing__c', { Id: id })], {
        access: { mode: 'system', sharing: false },
        allOrNone: true,
      });
    });
  expect(() => remove(open!)).toThrow('still open');
  remove(shut!);
  expect(bench.query('SELECT Id FROM Thing__c')).toHaveLength(1);
});

it('runs flows on platform events as the Automated Process user', () => {
  const bench = benchWith({
    On_Ping:
      `<start>${to('connector', 'Make')}<object>Ping__e</object><triggerType>PlatformEvent</triggerType></start>` +
      '<recordCreates><name>Make</name><object>Thing__c</object>' +
      `<inputAssignments><field>Name</field><value>${ref('$Record.Text__c')}</value></inputAssignments></recordCreates>`,
  });
  bench.run((tx) =>
    tx.org.events.publish(tx, [
      make('Ping__e', { Text__c: 'one' }),
      make('Ping__e', { Text__c: 'two' }),
    ]),
  );
  bench.platform.pump.runDue();
  expect(bench.failures).toEqual([]);
  expect(
    bench.query('SELECT Name FROM Thing__c ORDER BY Name').map((row) => row.get('Name')),
  ).toEqual(['one', 'two']);
});

describe('autolaunched flows', () => {
  const variable = (name: string, type: string, kind: 'Input' | 'Output', more = ''): string =>
    `<variables><name>${name}</name><dataType>${type}</dataType><isCollection>false</isCollection><isInput>${kind === 'Input'}</isInput><isOutput>${kind === 'Output'}</isOutput>${more}</variables>`;
  const FLOWS = {
    Outer:
      `<start>${to('connector', 'Call')}</start><subflows><name>Call</name>${to('connector', 'Set')}<flowName>Inner</flowName>` +
      `<inputAssignments><name>who</name><value>${ref('name')}</value></inputAssignments></subflows>` +
      assign('Set', 'greeting', ref('Call.text')) +
      variable('name', 'String', 'Input') +
      variable('greeting', 'String', 'Output'),
    Inner:
      `<start>${to('connector', 'Set')}</start>` +
      assign('Set', 'text', ref('Template')) +
      '<textTemplates><name>Template</name><isViewedAsPlainText>true</isViewedAsPlainText><text>Hello, {!Upper}{!Mark}</text></textTemplates>' +
      `<constants><name>Mark</name><dataType>String</dataType><value>${text('!')}</value></constants>` +
      '<formulas><name>Upper</name><dataType>String</dataType><expression>UPPER({!who})</expression></formulas>' +
      variable('who', 'String', 'Input') +
      variable('text', 'String', 'Output'),
  };

  it('hand values through subflows, once for each caller', () => {
    const bench = benchWith(FLOWS);
    const outputs = bench.run((tx) =>
      bench.engine.launch(tx, 'Outer', [new Map([['name', 'ada']]), new Map([['Name', 'bob']])]),
    );
    expect(outputs.map((each) => each.get('greeting'))).toEqual(['Hello, ADA!', 'Hello, BOB!']);
  });

  it('are refused when they are not there', () => {
    const bench = benchWith(FLOWS);
    expect(() => bench.run((tx) => bench.engine.launch(tx, 'Nowhere', []))).toThrow(
      'no active autolaunched flow Nowhere',
    );
  });
});
