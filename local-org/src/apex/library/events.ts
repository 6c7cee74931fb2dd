/** `EventBus`: publishing platform events and the context of their triggers. */
import type { EventDelivery, SaveResult } from '../../org/contracts.js';
import { SObjectRecord } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { ApexType } from '../types/type.js';
import { ApexList, NativeObject, type Value } from '../values/reference.js';
import { instance, narrow, type Call } from './call.js';
import { resultValue } from './database.js';
import { defineType } from './registry.js';

function publish(c: Call): Value {
  const subject = c.value(0);
  const items = subject instanceof ApexList ? subject.items : [subject];
  const events = items.map((item) => narrow(item, SObjectRecord, 'SObject'));
  const { tx } = c.session;
  const results: SaveResult[] = events.length ? tx.org.events.publish(tx, events) : [];
  const values = results.map((result) => resultValue('Database.SaveResult', result));
  return subject instanceof ApexList
    ? new ApexList(new ApexType('Database.SaveResult', 'library'), values)
    : (values[0] ?? null);
}

defineType({
  name: 'EventBus',
  statics: { 'Any publish(Object events, Object callback?)': publish },
});

class TriggerContextValue extends NativeObject {
  constructor(readonly delivery: EventDelivery) {
    super('EventBus.TriggerContext');
  }
}

defineType<TriggerContextValue>({
  name: 'EventBus.TriggerContext',
  self: instance(TriggerContextValue, 'EventBus.TriggerContext'),
  statics: {
    'EventBus.TriggerContext currentContext()': (c) => {
      const { eventDelivery } = c.session.tx;
      if (!eventDelivery)
        throwApex(
          'TypeException',
          'EventBus.TriggerContext is only available in a platform event trigger',
        );
      return new TriggerContextValue(eventDelivery);
    },
  },
  properties: {
    'Integer retries': { get: (self) => self.delivery.retries },
    'String lastError': { get: (self) => self.delivery.lastError },
  },
  methods: {
    'void setResumeCheckpoint(String replayId)': (self, c) => {
      self.delivery.setResumeCheckpoint(c.text(0));
      return null;
    },
    'String getResumeCheckpoint()': (self) => self.delivery.getResumeCheckpoint(),
  },
});
