import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadProject, loadSchema } from '../../src/metadata/index.js';
import { findTypeJar } from '../../src/metadata/sobject-types.js';
import { customObject, metadata, removeProjects, writeProject } from '../database/harness.js';

const CACHE = path.join(tmpdir(), 'mediaguard-local-org-test-cache');
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

afterAll(removeProjects);

const files = {
  ...customObject('Item__c', {
    Color__c:
      '<type>Picklist</type><valueSet><restricted>true</restricted><valueSetName>Colors</valueSetName></valueSet>',
    Boss__c:
      '<type>Lookup</type><referenceTo>User</referenceTo><relationshipName>Items</relationshipName>',
    Size__c: '<type>Number</type><precision>6</precision><scale>5</scale>',
  }),
  ...customObject('Rule__mdt', { Value__c: '<type>Text</type><length>10</length>' }, ''),
  ...customObject(
    'News__e',
    { What__c: '<type>Text</type><length>9</length>' },
    '<publishBehavior>PublishAfterCommit</publishBehavior>',
  ),
  ...customObject(
    'Setting__c',
    { On__c: '<type>Checkbox</type><defaultValue>true</defaultValue>' },
    '<customSettingsType>Hierarchy</customSettingsType>',
  ),
  'main/objects/Contact/fields/Extra__c.field-meta.xml': metadata(
    'CustomField',
    '<fullName>Extra__c</fullName><label>Extra</label><type>Text</type><length>5</length>',
  ),
  'main/objects/Item__c/validationRules/Sized.validationRule-meta.xml': metadata(
    'ValidationRule',
    '<fullName>Sized</fullName><active>true</active><errorConditionFormula>Size__c &lt; 0</errorConditionFormula><errorMessage>No</errorMessage>',
  ),
  'main/globalValueSets/Colors.globalValueSet-meta.xml': metadata(
    'GlobalValueSet',
    '<customValue><fullName>Red</fullName><default>false</default><label>Bright red</label></customValue><masterLabel>Colors</masterLabel><sorted>false</sorted>',
  ),
  'other/labels/CustomLabels.labels-meta.xml': metadata(
    'CustomLabels',
    '<labels><fullName>Hello</fullName><language>en_US</language><protected>true</protected><shortDescription>h</shortDescription><value> Hello &amp; welcome </value></labels>',
  ),
  'main/customMetadata/Rule.First.md-meta.xml': metadata(
    'CustomMetadata',
    '<label>First</label><values><field>Value__c</field><value>x</value></values>',
  ).replace(
    '<CustomMetadata ',
    '<CustomMetadata xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ',
  ),
  'main/classes/deep/A.cls': 'public class A {}',
  'main/classes/deep/A.cls-meta.xml': metadata(
    'ApexClass',
    '<apiVersion>65.0</apiVersion><status>Active</status>',
  ),
};

describe('a project', () => {
  it('is read whatever its folders are called', () => {
    const project = loadProject(writeProject(files));
    expect(project.namespace).toBe('ns');
    expect(project.labels.get('hello')?.value).toBe(' Hello & welcome ');
    expect(project.classes.map(({ name, source, file }) => [name, source, file])).toEqual([
      ['A', 'public class A {}', 'force-app/main/classes/deep/A.cls'],
    ]);
    expect(project.objects.get('item__c')?.validationRules[0]?.errorConditionFormula).toBe(
      'Size__c < 0',
    );
    expect(project.customMetadata[0]?.values.get('Value__c')).toBe('x');
  });

  it.each([
    [
      'no XML',
      { 'a/X.flow-meta.xml': '<Flow>' },
      /force-app\/a\/X\.flow-meta\.xml:\d+:\d+: <Flow> is not well-formed XML/,
    ],
    [
      'another root',
      { 'a/X.flow-meta.xml': metadata('Layout', '') },
      /X\.flow-meta\.xml: <Layout> was not expected here; expected <Flow>/,
    ],
    [
      'an unknown field type',
      customObject('A__c', { B__c: '<type>Magic</type>' }),
      /objects\/A__c\/fields\/B__c\.field-meta\.xml: <type> "Magic" is no known field type/,
    ],
    [
      'a lookup to nowhere',
      customObject('A__c', { B__c: '<type>Lookup</type>' }),
      /<referenceTo> is needed by a Lookup field/,
    ],
    [
      'a wrong number',
      customObject('A__c', { B__c: '<type>Text</type><length>ten</length>' }),
      /<length> must be a whole number, but is "ten"/,
    ],
    [
      'an unknown kind',
      { 'a/X.mystery-meta.xml': '<A/>' },
      /<mystery> is a kind of metadata the local org does not read/,
    ],
    [
      'a class without source',
      { 'a/B.cls-meta.xml': metadata('ApexClass', '<apiVersion>65.0</apiVersion>') },
      /expected the file B\.cls beside this one/,
    ],
    [
      'an object without its file',
      {
        'main/objects/A__c/fields/B__c.field-meta.xml': metadata(
          'CustomField',
          '<fullName>B__c</fullName><type>Checkbox</type>',
        ),
      },
      /expected A__c\.object-meta\.xml in this folder/,
    ],
  ])('with %s is refused with file and element', (_what, bad, message) => {
    expect(() => loadProject(writeProject(bad))).toThrow(message);
  });

  it('needs sfdx-project.json', () => {
    expect(() => loadProject(path.join(tmpdir(), 'nowhere'))).toThrow(
      /give the folder of an sfdx project/,
    );
  });
});

describe('the schema', () => {
  const schema = loadSchema(writeProject(files), CACHE);

  it('finds names in any case, with and without the namespace', () => {
    for (const name of ['Item__c', 'ITEM__C', 'ns__item__c'])
      expect(schema.object(name)?.name).toBe('Item__c');
    expect(schema.field('ns__Item__c', 'ns__size__c')?.name).toBe('Size__c');
    expect(schema.parent('Item__c', 'ns__boss__r')?.referenceTo).toEqual(['User']);
    expect(schema.child('User', 'Items__r')).toMatchObject({
      childObject: 'Item__c',
      field: 'Boss__c',
    });
    expect(schema.object('Nope__c')).toBeUndefined();
    expect(schema.qualifiedName('Item__c')).toBe('ns__Item__c');
    expect(schema.qualifiedName('Account')).toBe('Account');
  });

  it('describes fields of the package and of the platform', () => {
    expect(schema.field('Item__c', 'Color__c')?.picklist).toMatchObject({
      restricted: true,
      values: [{ value: 'Red', label: 'Bright red' }],
    });
    expect(schema.field('Item__c', 'Size__c')).toMatchObject({
      type: 'double',
      precision: 6,
      scale: 5,
      nillable: true,
    });
    expect(schema.field('Contact', 'Extra__c')).toMatchObject({ custom: true, length: 5 });
    expect(schema.field('Contact', 'LastName')).toMatchObject({ length: 80, nillable: false });
    expect(schema.field('ContentDocumentLink', 'LinkedEntityId')).toMatchObject({
      polymorphic: true,
      type: 'reference',
    });
    expect(schema.field('Setting__c', 'On__c')?.defaultValue).toBe(true);
    expect(schema.object('News__e')).toMatchObject({
      kind: 'platformEvent',
      publishBehavior: 'PublishAfterCommit',
      queryable: false,
    });
    expect(schema.object('Item__Share')?.fields.map(({ name }) => name)).toContain('RowCause');
  });

  it('tells what an id belongs to, the same in every run', () => {
    const prefix = schema.object('Item__c')?.keyPrefix ?? '';
    expect(prefix).toMatch(/^a\w\w$/);
    expect(schema.objectOfId(`${prefix}000000000001AAA`)?.name).toBe('Item__c');
    expect(schema.objectOfId('068000000000001AAA')?.name).toBe('ContentVersion');
    expect(loadSchema(writeProject(files), CACHE).object('Item__c')?.keyPrefix).toBe(prefix);
  });

  it('has every standard object, and saves only those whose rules are on record', () => {
    expect(schema.objectNames().length).toBeGreaterThan(4500);
    expect(schema.object('Account')?.unsupportedDml).toBeNull();
    expect(schema.object('Vote')?.unsupportedDml).toMatch(/metadata\/standard\/Vote\.json/);
  });

  it('says what to do when the types are not installed', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'empty-'));
    writeFileSync(path.join(folder, 'package.json'), '{}');
    expect(() => findTypeJar(folder)).toThrow(/Run "npm install" in the project's root folder/);
    rmSync(folder, { recursive: true });
  });
});

describe('the package of this repository', () => {
  const schema = loadSchema(CHECKOUT, CACHE);

  it('has only fields and references that resolve', () => {
    for (const object of schema.project.objects.values()) {
      for (const field of schema.object(object.fullName)?.fields ?? []) {
        for (const target of field.custom ? field.referenceTo : []) {
          expect([object.fullName, field.name, schema.object(target) !== undefined]).toEqual([
            object.fullName,
            field.name,
            true,
          ]);
        }
      }
    }
    expect(schema.child('MediaVersion__c', 'Propagations__r')?.cascadeDelete).toBe(true);
  });

  it('names files that exist', () => {
    const named = [
      ...schema.project.lwc.map(({ folder }) => folder),
      ...schema.project.staticResources.map(({ content }) => content),
      ...schema.project.raw('flow').map(({ file }) => file),
    ];
    expect(named.filter((file) => !existsSync(path.join(CHECKOUT, file)))).toEqual([]);
  });
});
