package org.laurel.engine.nn;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.jspecify.annotations.Nullable;
import org.laurel.device.DeviceChoice;
import org.laurel.device.NvidiaDriver;
import org.laurel.model.ElementType;
import org.laurel.model.TensorData;

/**
 * Where tensors live: in the processor's memory or in a GPU's, chosen once a process by {@code
 * LAUREL_DEVICE}. Whatever Java gives to libtorch or takes from it passes here. All else is
 * computed where its operands are, and knows of no device.
 *
 * <p>Random numbers are drawn by Java or on the processor, never on a GPU.
 */
public final class Device {
  /** Null where tensors live in the processor's memory. */
  private static final org.bytedeco.pytorch.@Nullable Device GPU;

  /** Why they do; null where that was asked for, or they do not. */
  private static final @Nullable String OBSTACLE;

  private static final DeviceChoice CHOICE = DeviceChoice.ofEnvironment();

  static {
    boolean driver = NvidiaDriver.isPresent();
    boolean tried = CHOICE.triesCuda(driver);
    boolean available = tried && torch.cuda_is_available();
    GPU = available ? retained(new org.bytedeco.pytorch.Device(DeviceType.CUDA)) : null;
    OBSTACLE =
        tried
            ? Libtorch.obstacle(Libtorch.hasCuda(), driver, Libtorch.missing(), available)
                .orElse(null)
            : null;
  }

  private Device() {}

  private static org.bytedeco.pytorch.Device retained(org.bytedeco.pytorch.Device device) {
    device.retainReference(); // it outlives the scope in which it happens to be chosen
    return device;
  }

  /** {@code cpu} or {@code cuda}. */
  public static String name() {
    requireWanted();
    return GPU == null ? "cpu" : "cuda";
  }

  /** Why a GPU is not used although one seems to be there. */
  public static Optional<String> obstacle() {
    return Optional.ofNullable(OBSTACLE);
  }

  static boolean isCpu() {
    return GPU == null;
  }

  private static void requireWanted() {
    if (CHOICE == DeviceChoice.CUDA && GPU == null) {
      throw new IllegalStateException("LAUREL_DEVICE=cuda: " + OBSTACLE);
    }
  }

  private static Tensor placed(Tensor made) {
    requireWanted();
    return GPU == null ? made : made.to(GPU, made.scalar_type());
  }

  /** Float32, row-major; one dimension where no shape is given. */
  public static Tensor tensor(float[] values, long... shape) {
    return placed(shape.length == 0 ? Tensor.create(values) : Tensor.create(values, shape));
  }

  /** Int64, row-major; one dimension where no shape is given. */
  public static Tensor tensor(long[] values, long... shape) {
    return placed(shape.length == 0 ? Tensor.create(values) : Tensor.create(values, shape));
  }

  /** Float32. */
  static Tensor zeros(long count) {
    return placed(torch.zeros(count));
  }

  /** N(0, 1), float32; what it holds is of no interest, only how long it takes to compute with. */
  static Tensor normal(long... shape) {
    return placed(torch.randn(shape));
  }

  /** 0, 1, ... n-1, int64. */
  static Tensor upTo(long n) {
    return placed(torch.arange(new Scalar(n)));
  }

  /** Waits until everything asked for so far is computed, before a clock is read. */
  static void await() {
    if (GPU != null) {
      torch.cuda_synchronize();
    }
  }

  /** Copies of a float32 tensor's values, row-major. */
  public static float[] floats(Tensor tensor) {
    Tensor near = (GPU == null ? tensor : tensor.cpu()).contiguous();
    float[] values = new float[Math.toIntExact(near.numel())];
    near.data_ptr_float().get(values);
    Reference.reachabilityFence(near);
    return values;
  }

  /**
   * Values of a contiguous float32 tensor, not to be changed: its own memory, which is valid as
   * long as the tensor; or a copy, where that lies in a GPU.
   */
  public static FloatBuffer read(Tensor tensor) {
    if (GPU == null) {
      return memory(tensor).asReadOnlyBuffer();
    }
    try (PointerScope scope = new PointerScope()) {
      FloatBuffer copy =
          ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, (int) tensor.numel()))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      copy.duplicate().put(memory(tensor.cpu()));
      return copy.asReadOnlyBuffer();
    }
  }

  /**
   * Values of a contiguous float32 tensor to be written to a file, of at most 2 GB: its own memory,
   * valid as long as the tensor and until it changes; or a copy, where that lies in a GPU.
   */
  public static TensorData data(Tensor tensor, long... shape) {
    int bytes = Math.multiplyExact(Float.BYTES, Math.toIntExact(tensor.numel()));
    ByteBuffer data;
    if (GPU == null) {
      data = new BytePointer(tensor.data_ptr()).capacity(bytes).asByteBuffer();
    } else {
      data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      try (PointerScope scope = new PointerScope()) {
        data.asFloatBuffer().put(memory(tensor.cpu()));
      }
    }
    return new TensorData(ElementType.F32, shape, data);
  }

  /**
   * Changes values of a contiguous float32 tensor in place.
   *
   * @param change gets all of them, row-major
   */
  public static void write(Tensor tensor, Consumer<FloatBuffer> change) {
    if (GPU == null) {
      change.accept(memory(tensor));
      return;
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor near = tensor.cpu();
      change.accept(memory(near));
      tensor.copy_(near);
    }
  }

  /** The capacity keeps JavaCPP from guessing; the memory itself belongs to the tensor. */
  private static FloatBuffer memory(Tensor tensor) {
    return new FloatPointer(tensor.data_ptr_float()).capacity(tensor.numel()).asBuffer();
  }
}
