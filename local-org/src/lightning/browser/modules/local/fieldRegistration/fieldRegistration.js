/** How fields and messages inside a record form find their form: they announce themselves with one event. */
export const REGISTER_FIELD = 'privaterecordfield';
export const REGISTER_MESSAGES = 'privaterecordmessages';

export const register = (element, type, detail) =>
  element.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));

/** `Name`, from a string (with or without the object) or a schema import. */
export const plainFieldName = (field) => {
  const name = typeof field === 'string' ? field : (field?.fieldApiName ?? '');
  return name.slice(name.lastIndexOf('.') + 1);
};

export const plainObjectName = (object) =>
  typeof object === 'string' ? object : object?.objectApiName;

/** As pages name a field: a look-up by what it leads to, not by its id. */
export const fieldLabel = (info, field) =>
  info?.dataType === 'Reference'
    ? info.label.replace(/ ID$/, '')
    : (info?.label ?? plainFieldName(field));
