package dev.conch.engine.triton;

/** Of requests that have a stream of their own. */
class PerRequestFaultsTest extends FaultContractTest {
    PerRequestFaultsTest() {
        super(SubscriptionSettings.OFF);
    }
}
