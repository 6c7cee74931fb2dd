/** Base of the wire adapters that load something from the org for a configuration. */

/** @param load async (config) => data; @param isReady (config) => whether there is enough to ask for */
export function wireAdapter({ isReady, load, subscribe }) {
  return class {
    constructor(dataCallback) {
      this.dataCallback = dataCallback;
      this.generation = 0;
      dataCallback({ data: undefined, error: undefined });
    }

    connect() {
      this.unsubscribe = subscribe?.((change) => {
        if (this.config && change(this.config)) void this.reload();
      });
    }

    disconnect() {
      this.unsubscribe?.();
      this.generation += 1;
    }

    update(config) {
      this.config = isReady(config) ? config : undefined;
      if (this.config) void this.reload();
    }

    /** Answers that come after a newer question are dropped. */
    async reload() {
      this.generation += 1;
      const asked = this.generation;
      let value;
      try {
        value = { data: await load(this.config), error: undefined };
      } catch (error) {
        value = { data: undefined, error };
      }
      if (asked === this.generation) this.dataCallback(value);
    }
  };
}

/** Makes an import such as `getRecord` usable as `@wire(getRecord, …)`. */
export function wireImport(name, adapter) {
  const marker = () => {
    throw new Error(`${name} is a wire adapter: use it with @wire, not as a function.`);
  };
  marker.adapter = adapter;
  return marker;
}
