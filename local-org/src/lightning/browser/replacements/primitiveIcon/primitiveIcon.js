import PublishedIcon from 'published/primitiveIcon';

/** `lightning-primitive-icon`, drawn from the sprites of the design system. */
export default class PrimitiveIcon extends PublishedIcon {
  get href() {
    const [sprite, name] = (this.iconName ?? '').split(':');
    if (this.src || !name) return super.href;
    return `/assets/icons/${sprite}-sprite/svg/symbols.svg#${name}`;
  }
}
