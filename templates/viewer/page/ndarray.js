/** What h5web needs of the packages ndarray and ndarray-ops, which write code at run time: the page's policy forbids that. */

class View {
  constructor(data, shape, stride, offset) {
    this.data = data;
    this.shape = shape;
    this.stride = stride;
    this.offset = offset;
  }

  get size() {
    return this.shape.reduce((all, one) => all * one, 1);
  }

  get dimension() {
    return this.shape.length;
  }

  get order() {
    return this.stride
      .map((step, axis) => [Math.abs(step), axis])
      .sort((one, other) => one[0] - other[0])
      .map(([, axis]) => axis);
  }

  get dtype() {
    if (Array.isArray(this.data)) return "array";
    const name = this.data.constructor.name.replace("Array", "").toLowerCase();
    return name.replace("uint8clamped", "uint8_clamped") || "generic";
  }

  index(...place) {
    return place.reduce((sum, one, axis) => sum + this.stride[axis] * one, this.offset);
  }

  get(...place) {
    return this.data[this.index(...place)];
  }

  set(...placeAndValue) {
    const value = placeAndValue.pop();
    this.data[this.index(...placeAndValue)] = value;
    return value;
  }

  /** Without the axes for which a place is given. */
  pick(...place) {
    const left = this.shape.map((_, axis) => axis).filter((axis) => !isPlace(place[axis]));
    const offset = place.reduce((sum, one, axis) => sum + (isPlace(one) ? this.stride[axis] * one : 0), this.offset);
    return new View(this.data, left.map((axis) => this.shape[axis]), left.map((axis) => this.stride[axis]), offset);
  }

  transpose(...axes) {
    return new View(this.data, axes.map((axis) => this.shape[axis]), axes.map((axis) => this.stride[axis]), this.offset);
  }

  lo(...place) {
    const offset = place.reduce((sum, one, axis) => sum + (isPlace(one) ? this.stride[axis] * one : 0), this.offset);
    const shape = this.shape.map((size, axis) => size - (isPlace(place[axis]) ? place[axis] : 0));
    return new View(this.data, shape, this.stride, offset);
  }

  hi(...place) {
    const shape = this.shape.map((size, axis) => (isPlace(place[axis]) ? place[axis] : size));
    return new View(this.data, shape, this.stride, this.offset);
  }

  step(...steps) {
    const shape = [...this.shape];
    const stride = [...this.stride];
    let { offset } = this;
    for (const [axis, step] of steps.entries()) {
      if (typeof step !== "number") continue;
      if (step < 0) offset += stride[axis] * (shape[axis] - 1);
      shape[axis] = Math.ceil(shape[axis] / Math.abs(step));
      stride[axis] *= step;
    }
    return new View(this.data, shape, stride, offset);
  }
}

function isPlace(one) {
  return typeof one === "number" && one >= 0;
}

/** A view of numbers in rows and columns, as `ndarray(data, shape, stride, offset)` makes it. */
export default function ndarray(data, shape, stride, offset = 0) {
  const values = typeof data === "number" ? [data] : data;
  const dims = [...(shape ?? [values.length])];
  const steps = stride ?? dims.map((_, axis) => dims.slice(axis + 1).reduce((all, one) => all * one, 1));
  return new View(values, dims, [...steps], offset);
}

/** Copies all values of one view into another of the same shape, whatever their strides. */
export function assign(target, source) {
  const { shape } = target;
  const place = shape.map(() => 0);
  let to = target.offset;
  let from = source.offset;
  for (let left = target.size; left > 0; left--) {
    target.data[to] = source.data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      to += target.stride[axis];
      from += source.stride[axis];
      if (++place[axis] < shape[axis]) break;
      to -= target.stride[axis] * shape[axis];
      from -= source.stride[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return target;
}
