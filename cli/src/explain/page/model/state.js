// The page of the models.

const { cascade, filters } = data;
const { margin, face } = cascade, side = face + 2 * margin;
