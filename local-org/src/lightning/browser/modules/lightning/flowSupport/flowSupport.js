/** `lightning/flowSupport`: the events by which a screen component talks to its flow. */
const options = (detail) => ({ bubbles: true, composed: true, cancelable: true, detail });

export class FlowAttributeChangeEvent extends CustomEvent {
  constructor(attributeName, attributeValue) {
    super('_attribute_change_flow_data', options({ attributeName, attributeValue }));
  }
}

const navigation = (action) =>
  class extends CustomEvent {
    constructor() {
      super('_navigate_flow_action', options({ action }));
    }
  };

export const FlowNavigationNextEvent = navigation('NEXT');
export const FlowNavigationBackEvent = navigation('BACK');
export const FlowNavigationPauseEvent = navigation('PAUSE');
export const FlowNavigationFinishEvent = navigation('FINISH');
