/** The `Test` class. */
import { throwApex } from '../run/exceptions.js';
import { callMethod, findMethod } from '../run/invoke.js';
import { NativeObject, PropertyBag } from '../values/reference.js';
import { asObject, instance, type Call } from './call.js';
import { defineType } from './registry.js';
import { MOCK } from './test-mocks.js';

function requireTest(c: Call, method: string): void {
  if (!c.session.tx.isTest) throwApex('TypeException', `Test.${method} can only be used in tests`);
}

const STOPPED = 'test stopped';

class Broker extends NativeObject {
  constructor() {
    super('EventBus.TestBroker');
  }
}

defineType<Broker>({
  name: 'EventBus.TestBroker',
  self: instance(Broker, 'EventBus.TestBroker'),
  methods: {
    'void deliver()': (_self, c) => {
      const { tx } = c.session;
      tx.org.events.deliverCollected(tx);
      return null;
    },
  },
});

/** `Test.testInstall(handler, previousVersion, isPush?)`. */
function testInstall(c: Call): null {
  const handler = asObject(c.value(0));
  const method = findMethod(handler, 'onInstall', 1);
  if (!method)
    throwApex('TypeException', `Class ${handler.declaration.name} must implement InstallHandler`);
  const context = new PropertyBag('InstallContext', {
    previousVersion: c.value(1),
    isUpgrade: c.value(1) !== null,
    isPush: c.has(2) && c.boolean(2),
    installerId: c.session.tx.userId,
    organizationId: c.session.user.organizationId,
  });
  callMethod(method, handler, [context]);
  return null;
}

for (const name of ['InstallContext', 'UninstallContext']) {
  defineType<PropertyBag>({
    name,
    self: instance(PropertyBag, name),
    isInterface: true,
    methods: {
      'Version previousVersion()': (self) => self.get('previousVersion'),
      'Boolean isUpgrade()': (self) => self.get('isUpgrade'),
      'Boolean isPush()': (self) => self.get('isPush'),
      'Id installerId()': (self) => self.get('installerId'),
      'Id uninstallerId()': (self) => self.get('installerId'),
      'Id organizationId()': (self) => self.get('organizationId'),
    },
  });
}

class VersionValue extends NativeObject {
  readonly text: string;
  readonly identity: string;

  constructor(readonly parts: readonly number[]) {
    super('Version');
    this.text = parts.join('.');
    this.identity = `version:${this.text}`;
  }
}

defineType<VersionValue>({
  name: 'Version',
  self: instance(VersionValue, 'Version'),
  constructors: {
    '(Integer major, Integer minor, Integer patch?)': (c) =>
      new VersionValue(c.args.map((_, i) => c.integer(i))),
  },
  methods: {
    'Integer major()': (self) => self.parts[0] ?? 0,
    'Integer minor()': (self) => self.parts[1] ?? 0,
    'Integer patch()': (self) => self.parts[2] ?? 0,
    'Integer compareTo(Version other)': (self, c) => {
      const other = instance(VersionValue, 'Version')(c.value(0));
      for (let i = 0; i < 3; i++) {
        const difference = (self.parts[i] ?? 0) - (other.parts[i] ?? 0);
        if (difference !== 0) return Math.sign(difference);
      }
      return 0;
    },
  },
});

defineType({
  name: 'Test',
  statics: {
    'Boolean isRunningTest()': (c) => c.session.tx.isTest,
    'void startTest()': (c) => {
      requireTest(c, 'startTest');
      c.session.tx.org.jobs.dropCollected(c.session.tx);
      c.session.tx.limits.startTest();
      // The saves before do not count as work that a callout would have to wait for.
      c.session.tx.hasUncommittedWork = false;
      c.session.resetCpu();
      return null;
    },
    'void stopTest()': (c) => {
      requireTest(c, 'stopTest');
      if (c.session.marks.get(STOPPED) === true)
        throwApex('FinalException', 'Testing already stopped');
      c.session.marks.set(STOPPED, true);
      const { tx } = c.session;
      tx.org.jobs.runCollected(tx);
      tx.org.events.deliverCollected(tx);
      tx.limits.stopTest();
      return null;
    },
    'void setMock(Type type, Object mock)': (c) => {
      requireTest(c, 'setMock');
      c.session.testMarks.set(MOCK, c.value(1));
      return null;
    },
    'EventBus.TestBroker getEventBus()': () => new Broker(),
    'void setCreatedDate(Id recordId, Datetime created)': (c) => {
      requireTest(c, 'setCreatedDate');
      c.session.ports.setCreatedDate(c.text(0), c.datetime(1).epochMs);
      return null;
    },
    'void testInstall(Object handler, Version previous, Boolean isPush?)': testInstall,
  },
});
