/** `@salesforce/apex/*`: calls of `@AuraEnabled` methods, imperatively and by `@wire`, and `refreshApex`. */
import { sendJson } from 'local/http';

/** Adapters by the value they last provisioned, so that `refreshApex(value)` finds them. */
const adapterOf = new WeakMap();
/** Connected adapters by class, method and parameters: a refresh of one is seen by all with the same key. */
const connected = new Map();

function deepFreeze(value) {
  if (value && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

async function call(className, method, parameters) {
  const answer = await sendJson('POST', '/local/apex', { className, method, parameters });
  return answer?.returnValue ?? null;
}

/** Salesforce waits until every reactive parameter has a value. */
const isComplete = (config) => Object.values(config).every((value) => value !== undefined);

class ApexAdapter {
  constructor(dataCallback, className, method) {
    this.dataCallback = dataCallback;
    this.target = { className, method };
    this.emit({ data: undefined, error: undefined });
  }

  emit(value) {
    if (value.data && typeof value.data === 'object') deepFreeze(value.data);
    adapterOf.set(value, this);
    this.dataCallback(value);
  }

  connect() {
    this.isConnected = true;
    this.register();
  }

  disconnect() {
    this.isConnected = false;
    connected.get(this.key)?.delete(this);
  }

  update(config) {
    if (!isComplete(config)) return;
    connected.get(this.key)?.delete(this);
    this.config = config;
    this.key = JSON.stringify([this.target, config]);
    this.register();
    void this.load([this]);
  }

  register() {
    if (!this.key || !this.isConnected) return;
    if (!connected.has(this.key)) connected.set(this.key, new Set());
    connected.get(this.key).add(this);
  }

  /** Fetches once and gives the answer to each of the adapters that still waits for this key. */
  async load(adapters) {
    const { key, config } = this;
    let value;
    try {
      value = {
        data: await call(this.target.className, this.target.method, config),
        error: undefined,
      };
    } catch (error) {
      value = { data: undefined, error };
    }
    for (const adapter of adapters) if (adapter.key === key) adapter.emit({ ...value });
  }

  refresh() {
    if (!this.key) return Promise.resolve();
    return this.load([...(connected.get(this.key) ?? [this])]);
  }
}

/** The default export of `@salesforce/apex/Class.method`. */
export function apexMethod(className, method) {
  const invoke = (parameters = {}) => call(className, method, parameters);
  invoke.adapter = class extends ApexAdapter {
    constructor(dataCallback) {
      super(dataCallback, className, method);
    }
  };
  return invoke;
}

export function refreshApex(value) {
  const adapter = adapterOf.get(value);
  return adapter ? adapter.refresh() : Promise.resolve();
}

export function getSObjectValue(record, field) {
  const path =
    typeof field === 'string' ? field.split('.').slice(1) : field.fieldApiName.split('.');
  return path.reduce((value, name) => value?.[name], record);
}
