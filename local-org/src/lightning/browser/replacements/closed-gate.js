/** Takes the place of a base component's feature gate that this page cannot serve. */
export default { isOpen: () => false };
