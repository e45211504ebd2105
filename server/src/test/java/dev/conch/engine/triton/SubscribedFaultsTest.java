package dev.conch.engine.triton;

/** Of requests that go by a subscription. */
class SubscribedFaultsTest extends FaultContractTest {
    SubscribedFaultsTest() {
        super(SubscriptionSettings.DEFAULT);
    }
}
