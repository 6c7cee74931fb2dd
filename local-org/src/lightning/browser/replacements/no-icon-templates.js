// No template of its own for any icon: `primitiveIcon` then draws from the sprites.
export default {};
