package org.laurel.engine.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;
import org.laurel.device.RanksChoice;

/**
 * Synchronous data parallelism within a process: every rank takes each n-th part of an update
 * through a replica of the network, and the gradients of all ranks are summed, always in the same
 * order [Goyal et al. 2017, section 3; Li et al. 2020, PyTorch Distributed]. The ranks share one
 * copy of the weights, so nothing is sent about, and the optimiser steps once.
 *
 * <p>Two ranks of one thread each keep two processors busier than one rank of two threads, which
 * wait for each other after every small operation.
 *
 * @param <N> a network, or several that are trained together
 */
public final class Ranks<N extends AutoCloseable> implements AutoCloseable {
  private static @Nullable RanksChoice chosen;

  private final List<N> networks;
  private final List<N> replicas;
  private final Function<N, List<Parameters>> trained;
  private final @Nullable ExecutorService threads;

  /**
   * @param networks of each rank
   * @param replicas those that are closed with the ranks
   */
  private Ranks(List<N> networks, List<N> replicas, Function<N, List<Parameters>> trained) {
    this.networks = networks;
    this.replicas = replicas;
    this.trained = trained;
    int share = Math.max(1, Threads.count() / networks.size());
    threads =
        networks.size() == 1
            ? null
            : Executors.newFixedThreadPool(
                networks.size(),
                work -> {
                  Thread thread =
                      new Thread(
                          () -> {
                            Threads.useHere(share);
                            work.run();
                          },
                          "rank");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /**
   * @param network of the first rank; stays the caller's to close
   * @param replica the same weights with gradients of their own
   * @param trained what gathers gradients
   */
  public static <N extends AutoCloseable> Ranks<N> of(
      N network, UnaryOperator<N> replica, Function<N, List<Parameters>> trained) {
    List<N> networks = new ArrayList<>(List.of(network));
    int count = count(trained.apply(network).stream().mapToLong(Parameters::count).sum());
    while (networks.size() < count) {
      networks.add(replica.apply(network));
    }
    return new Ranks<>(networks, networks.subList(1, count), trained);
  }

  /**
   * Ranks that train nothing and so need no replicas.
   *
   * @param weights of the network
   */
  public static <N extends AutoCloseable> Ranks<N> readers(N network, long weights) {
    return new Ranks<>(Collections.nCopies(count(weights), network), List.of(), one -> List.of());
  }

  /** Of a decoder alone. */
  public static Ranks<Decoder> of(Decoder decoder) {
    return of(decoder, Decoder::replica, own -> List.of(own.trained()));
  }

  /** How many ranks train so many weights in this process; one where a GPU computes. */
  public static int count(long weights) {
    if (!Device.isCpu()) {
      return 1;
    }
    RanksChoice choice = chosen == null ? RanksChoice.ofEnvironment() : chosen;
    return choice.count(weights, Threads.count());
  }

  /** Sets the number for all networks that are trained from now on in this process. */
  public static void use(RanksChoice choice) {
    chosen = choice;
  }

  public int count() {
    return networks.size();
  }

  /**
   * Does the work of an update: part i by rank i modulo {@link #count}. Gradients are left with the
   * first rank's network, the sum over all parts.
   *
   * @param work adds gradients to those of the network it is given
   * @return what the work gave, part by part
   */
  public <P, R> List<R> learn(List<P> parts, BiFunction<N, P, R> work) {
    List<R> results = map(parts, work);
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<Parameters> sums = trained.apply(networks.get(0));
      for (N other : networks.subList(1, networks.size())) {
        List<Parameters> terms = trained.apply(other);
        for (int i = 0; i < sums.size(); i++) {
          sums.get(i).gradients().add_(terms.get(i).gradients());
          terms.get(i).gradients().zero_();
        }
      }
    }
    return results;
  }

  /** Likewise for work that leaves no gradients. */
  public <P, R> List<R> map(List<P> parts, BiFunction<N, P, R> work) {
    if (threads == null || parts.size() < 2) {
      return parts.stream().map(part -> work.apply(networks.get(0), part)).toList();
    }
    @SuppressWarnings("unchecked")
    R[] results = (R[]) new Object[parts.size()];
    int products = Threads.ofProducts(1);
    try {
      List<CompletableFuture<Void>> ranks = new ArrayList<>();
      for (int rank = 0; rank < networks.size(); rank++) {
        int first = rank;
        ranks.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = first; i < results.length; i += networks.size()) {
                    results[i] = work.apply(networks.get(first), parts.get(i));
                  }
                },
                threads));
      }
      CompletableFuture.allOf(ranks.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    } finally {
      Threads.ofProducts(products);
    }
    return Arrays.asList(results);
  }

  /** Likewise for work that gives nothing back. */
  public <P> void each(List<P> parts, BiConsumer<N, P> work) {
    map(
        parts,
        (network, part) -> {
          work.accept(network, part);
          return true;
        });
  }

  /** Ends the threads and frees the replicas' gradients. */
  @Override
  public void close() {
    if (threads != null) {
      threads.shutdown();
    }
    for (N replica : replicas) {
      try {
        replica.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
