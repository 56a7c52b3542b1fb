/** Groups, datasets and their types, as h5wasm tells them, in the words of h5web. */

const PADDING = ["null-terminated", "null-padded", "space-padded"];

/**
 * What stands at a path; a group with its members.
 * @param {any} hdf5 the module of h5wasm
 * @param {bigint} file
 * @param {string} path
 * @returns {any} an entity of h5web
 */
export function entity(hdf5, file, path) {
  return told(hdf5, file, path, false);
}

/**
 * @param {any} hdf5
 * @param {bigint} file
 * @param {string} path
 * @param {boolean} member whether it is told as a member of another: its own members are not
 * @returns {any}
 */
function told(hdf5, file, path, member) {
  const found = { name: path.slice(path.lastIndexOf("/") + 1) || "/", path, attributes: [] };
  let kind = hdf5.get_type(file, path);
  if (kind === hdf5.H5G_LINK) {
    return { ...found, kind: "unresolved", link: { class: "Soft", path: hdf5.get_symbolic_link(file, path) } };
  }
  let link;
  if (kind === hdf5.H5G_UDLINK) {
    const way = hdf5.get_external_link(file, path);
    link = { class: "External", file: way.filename, path: way.obj_path };
    kind = beyond(hdf5, file, path);
  }
  const known = { ...found, link };
  if (kind === hdf5.H5G_GROUP) {
    const group = { ...known, kind: "group", attributes: attributes(hdf5, file, path) };
    if (member) return group;
    const names = hdf5.get_names(file, path, false);
    return { ...group, children: names.map((/** @type {string} */ name) => told(hdf5, file, below(path, name), true)) };
  }
  if (kind === hdf5.H5G_DATASET) {
    const facts = hdf5.get_dataset_metadata(file, path);
    return {
      ...known,
      kind: "dataset",
      shape: shape(facts.shape),
      type: type(facts),
      chunks: facts.chunks ?? undefined,
      filters: hdf5.get_dataset_filters(file, path),
      virtualSources: facts.virtual_sources?.map((/** @type {any} */ one) => ({ file: one.file_name, path: one.dset_name })),
      attributes: attributes(hdf5, file, path),
    };
  }
  return { ...known, kind: "unresolved" };
}

/**
 * What an external link leads to, which HDF5 tells only to who opens it.
 * @param {any} hdf5
 * @param {bigint} file
 * @param {string} path
 * @returns {number | undefined}
 */
function beyond(hdf5, file, path) {
  try {
    hdf5.get_dataset_metadata(file, path);
    return hdf5.H5G_DATASET;
  } catch {
    try {
      hdf5.get_names(file, path, false);
      return hdf5.H5G_GROUP;
    } catch {
      return undefined;
    }
  }
}

/**
 * @param {string} path
 * @param {string} name
 * @returns {string}
 */
function below(path, name) {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}

/**
 * @param {any} hdf5
 * @param {bigint} file
 * @param {string} path
 * @returns {any[]}
 */
function attributes(hdf5, file, path) {
  return hdf5.get_attribute_names(file, path).map((/** @type {string} */ name) => {
    const facts = hdf5.get_attribute_metadata(file, path, name);
    return { name, shape: shape(facts.shape), type: type(facts) };
  });
}

/**
 * @param {number[] | null | undefined} dims
 * @returns {any}
 */
function shape(dims) {
  if (!dims) return { class: "Null" };
  return dims.length ? { class: "Array", dims: [...dims] } : { class: "Scalar", dims: [] };
}

/**
 * The type of a dataset or an attribute; the numbers are those of H5T_class_t.
 * @param {any} facts
 * @returns {any}
 */
function type(facts) {
  const size = facts.size * 8;
  const endianness = facts.littleEndian ? "little-endian" : "big-endian";
  switch (facts.type) {
    case 0:
      return { class: "Integer", signed: facts.signed, size, endianness };
    case 1:
      return { class: "Float", size, endianness };
    case 2:
      return { class: "Time" };
    case 3:
      return {
        class: "String",
        charSet: facts.cset === 0 ? "ASCII" : "UTF-8",
        strPad: PADDING[facts.strpad],
        length: facts.vlen ? undefined : facts.size,
      };
    case 4:
      return { class: "Bitfield" };
    case 5:
      return { class: "Opaque", tag: "" };
    case 6:
      return compound(facts.compound_type.members);
    case 7:
      return { class: "Reference" };
    case 8:
      return enumeration(facts);
    case 9:
      return { class: "Array (variable length)", base: type(facts.vlen_type) };
    case 10:
      return { class: "Array", base: type(facts.array_type), dims: facts.array_type.shape };
    default:
      return { class: "Unknown" };
  }
}

/**
 * @param {any[]} members
 * @returns {any}
 */
function compound(members) {
  const fields = members.map((one) => [one.name, type(one)]);
  if (fields.length === 2 && /^r(eal)?$/.test(fields[0][0]) && /^i(mag(inary)?)?$/.test(fields[1][0])) {
    return { class: "Complex", realType: fields[0][1], imagType: fields[1][1] };
  }
  return { class: "Compound", fields: new Map(fields) };
}

/**
 * @param {any} facts
 * @returns {any}
 */
function enumeration(facts) {
  const base = type({ ...facts, type: facts.enum_type.type });
  const members = Object.entries(facts.enum_type.members);
  const words = new Map(members.map(([word, value]) => [word, value]));
  if (words.size === 2 && words.get("FALSE") === 0 && words.get("TRUE") === 1) return { class: "Boolean", base };
  return { class: "Enumeration", base, mapping: Object.fromEntries(members.map(([word, value]) => [value, word])) };
}
