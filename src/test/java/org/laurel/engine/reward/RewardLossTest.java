package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RewardLossTest {

  private final PointerScope scope = new PointerScope();
  private Tensor kappa;

  @BeforeEach
  void tieRateOfAFifth() {
    kappa = tensor((float) TieModel.RAO_KUPPER.kappaFor(0.2));
  }

  @AfterEach
  void free() {
    scope.close();
  }

  @Test
  void equalScoresCostLogTwo() {
    assertThat(choice(0, 1, 0, TieModel.DROP)).isCloseTo(Math.log(2), within(1e-6));
    assertThat(choice(0, 0.8, 0.1, TieModel.DROP)).isCloseTo(Math.log(2), within(1e-6));
  }

  @Test
  void bradleyTerryByHand() {
    assertThat(choice(1.5, 1, 0, TieModel.HALF))
        .isCloseTo(Math.log(1 + Math.exp(-1.5)), within(1e-6));
  }

  /** -log[0.8 sigmoid(2) + 0.2 sigmoid(-2)] = 0.316797. */
  @Test
  void anAnnotatorWhoErrsCostsLessWhenContradicted() {
    assertThat(choice(2, 0.8, 0, TieModel.DROP)).isCloseTo(0.316797, within(1e-5));
    assertThat(choice(-2, 0.8, 0, TieModel.DROP)).isLessThan(choice(-2, 1, 0, TieModel.DROP));
  }

  @Test
  void smoothingMixesBothSides() {
    double right = Math.log(1 + Math.exp(-2));
    double wrong = Math.log(1 + Math.exp(2));
    assertThat(choice(2, 1, 0.1, TieModel.DROP)).isCloseTo(0.9 * right + 0.1 * wrong, within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(names = {"RAO_KUPPER", "DAVIDSON"})
  void outcomesSumToOneAndEqualScoresTieAtTheGivenRate(TieModel ties) {
    Tensor k = tensor((float) ties.kappaFor(0.2));
    for (float d : new float[] {-6, -1.3f, 0, 0.4f, 9}) {
      Tensor difference = tensor(d);
      double sum =
          ties.logWin(difference, k).exp().item_double()
              + ties.logWin(difference.neg(), k).exp().item_double()
              + ties.logTie(difference, k).exp().item_double();
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    assertThat(ties.logTie(tensor(0f), k).exp().item_double()).isCloseTo(0.2, within(1e-5));
  }

  @Test
  void raoKupperWithoutThresholdIsBradleyTerry() {
    Tensor difference = tensor(0.7f);
    Tensor none = tensor(-40f);
    assertThat(TieModel.RAO_KUPPER.logWin(difference, none).item_double())
        .isCloseTo(TieModel.DROP.logWin(difference, none).item_double(), within(1e-6));
  }

  @Test
  void aTieOfHalvesPullsScoresTogether() {
    Tensor difference = tensor(1.2f).requires_grad_(true);
    RewardLoss.tie(difference, TieModel.HALF, kappa).sum().backward();
    // d/dx of -0.5 log s(x) - 0.5 log s(-x) is s(x) - 0.5
    assertThat(difference.grad().item_double())
        .isCloseTo(1 / (1 + Math.exp(-1.2)) - 0.5, within(1e-6));
  }

  @Test
  void centeringOfTwoIsTheSquareOfTheirSum() {
    Tensor scores = tensor(1.5f, -0.5f, 2f, 1f);
    Tensor averaging = tensor(0.5f, 0.5f, 0f, 0f, 0f, 0f, 0.5f, 0.5f).reshape(2, 4);
    assertThat(RewardLoss.centering(scores, averaging).item_double())
        .isCloseTo((1.0 + 9.0) / 2, within(1e-5));
  }

  private double choice(double difference, double accuracy, double smoothing, TieModel ties) {
    return RewardLoss.choice(
            tensor((float) difference), tensor((float) accuracy), smoothing, ties, kappa)
        .item_double();
  }
}
